/*
 * NAME
 *   guiche - which núcleo takes this request, and is its window open
 *
 * SYNOPSIS
 *   #include <guiche.h>
 *
 *   guiche_engine* engine;
 *   guiche_buffer out;
 *   if (guiche_engine_create(NULL, 0, GUICHE_PROTO, NULL, 0, NULL, 0, &engine,
 *                            &out) == GUICHE_OK) {
 *     const char request[] =
 *         "{\"place\":\"Sinop\",\"at\":\"2026-01-07T12:00:00-04:00\"}";
 *     guiche_call(engine, "open", 4, GUICHE_JSON, request, sizeof request - 1,
 *                 &out);
 *     fwrite(out.data, 1, out.size, stdout);  // an answer, or an error
 *     guiche_buffer_free(&out);
 *     guiche_engine_free(engine);
 *   }
 *
 *   cc host.c $(pkg-config --cflags --libs guiche)
 *
 *   Under a prefix that the system does not search, PKG_CONFIG_PATH is its
 *   lib/pkgconfig, and LD_LIBRARY_PATH or -Wl,-rpath its lib. Without shared
 *   libraries: cc -static host.c $(pkg-config --cflags --static --libs guiche)
 *
 * DESCRIPTION
 *   The one stable interface of the library, for every language that can call
 *   C. A policy compiles once into an engine; then questions are put to it.
 *   Requests and answers are the messages of proto/guiche/v1, as JSON or as
 *   serialized protobuf, so a new field needs no new function.
 *
 *   Input. Every text is a pointer and a size in bytes, with no need of a final
 *   zero; NULL with size 0 is the empty text. Texts are UTF-8. The library
 *   reads them during the call and keeps no pointer to them.
 *
 *   Output. A function with a `guiche_buffer* out` writes both members whatever
 *   happens, without reading them: the answer if it returns GUICHE_OK, else the
 *   error. The bytes are the caller's until guiche_buffer_free(). One zero byte
 *   follows them and is not counted.
 *
 *   Handles. NULL, or a pointer to something that is no such handle, is
 *   GUICHE_INVALID_ARGUMENT. That is told by a mark in the first eight bytes,
 *   so a pointer to memory that cannot be read, or was freed, is beyond help.
 *
 *   Threads. Handles are immutable: any number of threads may use one at a
 *   time, without locks. Only freeing a handle needs that nobody uses it any
 *   more. To change policies, create another engine; those in use go on.
 *
 *   The library has no global state, prints nothing, calls nothing back, reads
 *   no clock, locale or environment, and never keeps or repeats a citizen's
 *   words. No C++ exception leaves it.
 *
 * RETURN VALUE
 *   One of the codes of guiche_code, with the numbers of gRPC.
 *
 * ERRORS
 *   The error in `out` is one line of JSON:
 *
 *     {"error":{"code":"INVALID_ARGUMENT","message":"at: ..."}}
 *
 *   The message names field, value and remedy. Of a policy that does not
 *   compile, a second member lists every problem, as in the message
 *   guiche.v1.PolicyProblems:
 *
 *     {"error":{...},"problems":[{"path":"calendar[x].hours[0].close",
 *      "problem":"\"08:00\" is not after open ...","severity":"ERROR"}]}
 *
 *   If memory ran out the error may be empty: {NULL, 0}.
 *
 * VERSIONS
 *   libguiche.so.0 keeps every function, number and member of this file; a
 *   change that would not is another SONAME. All symbols are GUICHE_0.
 */
#ifndef GUICHE_H_
#define GUICHE_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define GUICHE_NOEXCEPT noexcept
#else
#define GUICHE_NOEXCEPT
#endif

/* What every function returns that can fail. */
typedef enum guiche_code {
  GUICHE_OK = 0,
  GUICHE_INVALID_ARGUMENT = 3,   /* the request, the policy, or how it is put */
  GUICHE_NOT_FOUND = 5,          /* no such place, service or id */
  GUICHE_RESOURCE_EXHAUSTED = 8, /* no memory */
  GUICHE_FAILED_PRECONDITION = 9, /* the digest is another; no zone data */
  GUICHE_UNIMPLEMENTED = 12,      /* no such method */
  GUICHE_INTERNAL = 13            /* a defect of the library */
} guiche_code;

/* How a policy, or a request and its answer, are written. */
typedef enum guiche_format {
  GUICHE_JSON = 0,  /* fields by their proto names, printed in full */
  GUICHE_PROTO = 1, /* serialized protobuf */
  GUICHE_TEXT = 2   /* textproto; of policies only */
} guiche_format;

/* What guiche_window_states() tells of an instant. */
typedef enum guiche_state {
  GUICHE_OPEN = 1,
  GUICHE_CLOSED = 2,
  GUICHE_UNCOVERED = 3 /* the policy is silent */
} guiche_state;

/* How a request is taken. */
typedef enum guiche_outcome {
  GUICHE_ROUTED = 1,
  GUICHE_ASK = 2, /* neither need nor area is stated */
  GUICHE_HUMAN = 4
} guiche_outcome;

/* What guiche_number() and guiche_id() number. */
typedef enum guiche_kind {
  GUICHE_NEED = 1,
  GUICHE_AREA = 2,
  GUICHE_FACT = 3,
  GUICHE_PLACE = 4, /* by id, or as people write it; 0 is the whole */
  GUICHE_UNIT = 5
} guiche_kind;

/* A decision without words, as guiche_decide() gives it. */
typedef struct guiche_decision {
  int32_t unit;    /* by its number; -1: none takes it yet */
  int32_t area;    /* by its number; -1: not stated */
  uint8_t outcome; /* a guiche_outcome */
  uint8_t urgent;  /* 0 or 1 */
  uint8_t state;   /* a guiche_state; 0: no instant was given */
  uint8_t mode;    /* a number of guiche.v1.Mode, likewise */
} guiche_decision;

/* A compiled policy. */
typedef struct guiche_engine guiche_engine;

/* A service at a place, found once. It stands on its own: it may be used when
 * the engine is freed. */
typedef struct guiche_window guiche_window;

/* Bytes of the caller's. */
typedef struct guiche_buffer {
  const uint8_t* data;
  size_t size;
} guiche_buffer;

/* Version of the library, "0.1.0". Static; ends with a zero. */
const char* guiche_version(void) GUICHE_NOEXCEPT;

/* Frees the bytes and empties the buffer. NULL and an empty buffer are fine. */
void guiche_buffer_free(guiche_buffer* buffer) GUICHE_NOEXCEPT;

/*
 * Compiles a policy: about 0.15 s and 60 MB for the embedded one.
 *
 * policy    the bytes of a whole policy in `format`, at most 64 MiB. Size 0:
 *           the embedded one, that of DPE/MT, whatever the format. Several
 *           textproto files are one text when they are joined, each ending a
 *           line.
 * digest    SHA-256 of the policy, lower-case hex, as answers carry it. If it
 *           is given, a policy of another digest is
 *           GUICHE_FAILED_PRECONDITION.
 * known_at  RFC 3339 with an offset: only acts published by then count. Empty:
 *           all acts.
 * engine    the engine, or NULL on failure. To be freed.
 * out       empty on success, else the error.
 */
int32_t guiche_engine_create(const void* policy, size_t policy_size,
                             int32_t format, const char* digest,
                             size_t digest_size, const char* known_at,
                             size_t known_at_size, guiche_engine** engine,
                             guiche_buffer* out) GUICHE_NOEXCEPT;

/* Frees an engine. NULL, and what is no engine, are left alone. */
void guiche_engine_free(guiche_engine* engine) GUICHE_NOEXCEPT;

/*
 * Puts a question by the name of its method. Request and answer are both in
 * `format`, GUICHE_JSON or GUICHE_PROTO; at most 64 MiB, a text in it 1 MiB.
 *
 *   method     request               answer
 *   open       AvailabilityRequest   Availability
 *   route      RouteRequest          RouteAnswer
 *   decide     DecisionRequest       Decision
 *   check      ConductRequest        ConductAnswer
 *   calendar   CalendarRequest       Calendar
 *   policy     empty                 PolicyRef
 *
 * An unknown field in JSON is an error that names it; in protobuf it is
 * skipped.
 */
int32_t guiche_call(const guiche_engine* engine, const char* method,
                    size_t method_size, int32_t format, const void* request,
                    size_t request_size, guiche_buffer* out) GUICHE_NOEXCEPT;

/* Finds the window of a service, by id, at a place, by id or as people write
 * it. Empty: the policy's default service, the whole of its places. `window` is
 * NULL on failure, else to be freed; `out` is empty or the error. */
int32_t guiche_window_create(const guiche_engine* engine, const char* service,
                             size_t service_size, const char* place,
                             size_t place_size, guiche_window** window,
                             guiche_buffer* out) GUICHE_NOEXCEPT;

/* Frees a window. NULL, and what is no window, are left alone. */
void guiche_window_free(guiche_window* window) GUICHE_NOEXCEPT;

/*
 * The states at `count` instants, in any order: states[i], a guiche_state, for
 * instants[i], which counts ticks since 1970-01-01T00:00:00Z. Ticks a second
 * are 1, 1000, 1000000 or 1000000000. Every number is an instant, the smallest
 * included. Allocates nothing. Nothing is written on failure, which is a null
 * pointer with a count, a count whose array no memory can hold, other ticks, or
 * no window: all GUICHE_INVALID_ARGUMENT.
 */
int32_t guiche_window_states(const guiche_window* window,
                             int64_t ticks_per_second, const int64_t* instants,
                             size_t count, uint8_t* states) GUICHE_NOEXCEPT;

/*
 * The open intervals of [from, until), cut to it, in order. `out` holds two
 * int64_t each, in the machine's byte order and aligned for them: the tick at
 * which it opens, and that at which it closes. None beyond the horizon or where
 * the policy is silent.
 */
int32_t guiche_window_intervals(const guiche_window* window,
                                int64_t ticks_per_second, int64_t from,
                                int64_t until,
                                guiche_buffer* out) GUICHE_NOEXCEPT;

/* The number, from 0 on, that a policy gives to what has an id, or -1 and an
 * error that names the nearest ids. It holds for one policy and its digest. */
int32_t guiche_number(const guiche_engine* engine, int32_t kind,
                      const char* text, size_t size, int32_t* number,
                      guiche_buffer* out) GUICHE_NOEXCEPT;

/* The id that has a number; GUICHE_NOT_FOUND past the last, so that a host can
 * read them all. */
int32_t guiche_id(const guiche_engine* engine, int32_t kind, int32_t number,
                  guiche_buffer* out) GUICHE_NOEXCEPT;

/*
 * The decisions on `count` requests whose parts are known: what "decide"
 * answers for a request of need, area, place and facts, without text, at an
 * instant. decisions[i] is for needs[i], areas[i], places[i], facts[i] and
 * instants[i]. A column may be NULL: not stated. Numbers are those of
 * guiche_number(); one out of range is not stated. An area is read where there
 * is no need. Bit i of facts: fact number i holds. Instants are those of
 * guiche_window_states(); without them state and mode are 0. Allocates nothing.
 * Nothing is written on failure, which is as that function's.
 */
int32_t guiche_decide(const guiche_engine* engine, const int32_t* needs,
                      const int32_t* areas, const int32_t* places,
                      const uint64_t* facts, int64_t ticks_per_second,
                      const int64_t* instants, size_t count,
                      guiche_decision* decisions) GUICHE_NOEXCEPT;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* GUICHE_H_ */
