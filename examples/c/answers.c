/*
 * answers: reads questions, a line each, and writes their answers.
 *
 *   known_at TAB method TAB request in JSON
 *
 *   cc answers.c $(pkg-config --cflags --libs guiche) -o answers
 */
#define _GNU_SOURCE
#include <guiche.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Prints what a function gave, an answer or an error, as one line. */
static void print(guiche_buffer* out) {
  fwrite(out->data, 1, out->size, stdout);
  putchar('\n');
  guiche_buffer_free(out);
}

int main(void) {
  guiche_engine* engine = NULL;
  guiche_buffer out;
  char* line = NULL;
  size_t capacity = 0;
  char known_at[64] = "none yet";
  ssize_t size;
  while ((size = getline(&line, &capacity, stdin)) > 0) {
    if (line[size - 1] == '\n') line[--size] = 0;
    char* method = memchr(line, '\t', (size_t)size);
    char* request = method ? strchr(method + 1, '\t') : NULL;
    if (request == NULL || method - line >= (long)sizeof known_at) return 2;
    *method++ = 0;
    *request++ = 0;
    if (strcmp(line, known_at) != 0) {
      strcpy(known_at, line);
      guiche_engine_free(engine);
      if (guiche_engine_create(NULL, 0, GUICHE_PROTO, NULL, 0, known_at,
                               strlen(known_at), &engine, &out) != GUICHE_OK) {
        print(&out);
        return 1;
      }
    }
    guiche_call(engine, method, strlen(method), GUICHE_JSON, request,
                (size_t)(line + size - request), &out);
    print(&out);
  }
  guiche_engine_free(engine);
  free(line);
  return ferror(stdin) || fflush(stdout) != 0;
}
