package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/sumdb/note"
)

// serveSumdb is a checksum database with a key of its own, which knows the modules of a file tree of a proxy.
// It prints its key and its address, and ends with its standard input.
func serveSumdb(proxy string) {
	skey, vkey, err := note.GenerateKey(rand.Reader, "sumdb.example")
	if err != nil {
		panic(err)
	}
	server := sumdb.NewServer(sumdb.NewTestServer(skey, func(path, vers string) ([]byte, error) {
		return sums(proxy, path, vers)
	}))
	mux := http.NewServeMux()
	for _, path := range sumdb.ServerPaths {
		mux.Handle(path, server)
	}
	// What the database would have said of many other modules: a tree of more than one tile.
	mux.HandleFunc("/fill", func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < 300; i++ {
			request, _ := http.NewRequest("GET", fmt.Sprintf("/lookup/fill.example/m%d@v1.0.0", i), nil)
			server.ServeHTTP(discard{}, request)
		}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s http://%s\n", vkey, listener.Addr())
	go http.Serve(listener, mux)
	io.Copy(io.Discard, os.Stdin)
}

func sums(proxy, path, vers string) ([]byte, error) {
	if strings.HasPrefix(path, "fill.example/") {
		return []byte(fmt.Sprintf("%s %s h1:%s=\n", path, vers, strings.Repeat("A", 43))), nil
	}
	escaped, err := module.EscapePath(path)
	if err != nil {
		return nil, err
	}
	base := filepath.Join(proxy, filepath.FromSlash(escaped), "@v", vers)
	zip, err := dirhash.HashZip(base+".zip", dirhash.Hash1)
	if err != nil {
		return nil, err
	}
	mod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return os.Open(base + ".mod") })
	if err != nil {
		return nil, err
	}
	return []byte(fmt.Sprintf("%s %s %s\n%s %s/go.mod %s\n", path, vers, zip, path, vers, mod)), nil
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}
