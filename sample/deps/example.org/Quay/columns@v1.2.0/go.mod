module example.org/Quay/columns

go 1.21
