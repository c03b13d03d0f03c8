// Package guiche is guiche in Go, by cgo. Copy this file.
//
//	CGO_CFLAGS=$(pkg-config --cflags guiche) CGO_LDFLAGS=$(pkg-config --libs-only-L guiche) go build
//
//	g, err := guiche.New("", "", "")
//	answer, err := g.Call("open", []byte(`{"place":"Sinop","at":"2026-01-07T12:00:00-04:00"}`))
package guiche

// #cgo LDFLAGS: -l:libguiche.so.0
// #include <guiche.h>
import "C"

import (
	"runtime"
	"unsafe"
)

// An Error is a question that cannot be answered as it was put, or a policy that
// does not compile: the error as JSON, with field, value and remedy.
type Error struct {
	Code int // gRPC's
	JSON string
}

func (e *Error) Error() string { return e.JSON }

// A Guiche is a compiled policy; any number of goroutines may ask it.
type Guiche struct {
	engine *C.guiche_engine
}

// New compiles a policy: as textproto, or if empty that of DPE/MT. If digest is
// given it must have it; if knownAt is, RFC 3339, only acts published by then count.
func New(policy, digest, knownAt string) (*Guiche, error) {
	g := &Guiche{}
	var out C.guiche_buffer
	p, d, k := []byte(policy), []byte(digest), []byte(knownAt)
	code := C.guiche_engine_create(pointer(p), C.size_t(len(p)), C.GUICHE_TEXT,
		(*C.char)(pointer(d)), C.size_t(len(d)), (*C.char)(pointer(k)), C.size_t(len(k)),
		&g.engine, &out)
	if _, err := take(code, &out); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(g, func(g *Guiche) { C.guiche_engine_free(g.engine) })
	return g, nil
}

// Call puts a question by the name of its method; request and answer are JSON.
func (g *Guiche) Call(method string, request []byte) ([]byte, error) {
	var out C.guiche_buffer
	m := []byte(method)
	code := C.guiche_call(g.engine, (*C.char)(pointer(m)), C.size_t(len(m)), C.GUICHE_JSON,
		pointer(request), C.size_t(len(request)), &out)
	runtime.KeepAlive(g)
	return take(code, &out)
}

// take is the answer in out, whose memory it frees, or the error.
func take(code C.int32_t, out *C.guiche_buffer) ([]byte, error) {
	json := C.GoBytes(unsafe.Pointer(out.data), C.int(out.size))
	C.guiche_buffer_free(out)
	if code != C.GUICHE_OK {
		return nil, &Error{int(code), string(json)}
	}
	return json, nil
}

func pointer(text []byte) unsafe.Pointer {
	if len(text) == 0 {
		return nil
	}
	return unsafe.Pointer(&text[0])
}
