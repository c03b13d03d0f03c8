// Answers reads questions, a line each, and writes their answers.
package main

import (
	"bufio"
	"bytes"
	"log"
	"os"

	"guiche"
)

func main() {
	engines := map[string]*guiche.Guiche{}
	questions := bufio.NewScanner(os.Stdin)
	questions.Buffer(nil, 1<<26)
	answers := bufio.NewWriter(os.Stdout)
	defer answers.Flush()
	for questions.Scan() {
		parts := bytes.SplitN(questions.Bytes(), []byte("\t"), 3)
		knownAt := string(parts[0])
		if engines[knownAt] == nil {
			engine, err := guiche.New("", "", knownAt)
			if err != nil {
				log.Fatal(err)
			}
			engines[knownAt] = engine
		}
		answer, err := engines[knownAt].Call(string(parts[1]), parts[2])
		if err != nil {
			answer = []byte(err.Error())
		}
		answers.Write(append(answer, '\n'))
	}
}
