module example.org/clockwork

go 1.21
