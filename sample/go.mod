module example.com/harbour

go 1.21

require (
	example.org/Quay/columns v1.2.0
	example.org/clockwork v0.3.1
)
