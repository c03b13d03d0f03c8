/* The C interface as a C program uses it, and as one misuses it. */

#include "bindings/c/guiche.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The binary interface of libguiche.so.0, said once more. A line that has to
 * change here means another SONAME. */
_Static_assert(GUICHE_OK == 0 && GUICHE_INVALID_ARGUMENT == 3 &&
                   GUICHE_NOT_FOUND == 5 && GUICHE_RESOURCE_EXHAUSTED == 8 &&
                   GUICHE_FAILED_PRECONDITION == 9 &&
                   GUICHE_UNIMPLEMENTED == 12 && GUICHE_INTERNAL == 13,
               "codes");
_Static_assert(GUICHE_JSON == 0 && GUICHE_PROTO == 1 && GUICHE_TEXT == 2,
               "formats");
_Static_assert(GUICHE_OPEN == 1 && GUICHE_CLOSED == 2 && GUICHE_UNCOVERED == 3,
               "states");
_Static_assert(GUICHE_NEED == 1 && GUICHE_AREA == 2 && GUICHE_FACT == 3 &&
                   GUICHE_PLACE == 4,
               "kinds");
_Static_assert(sizeof(guiche_buffer) == sizeof(void*) + sizeof(size_t) &&
                   offsetof(guiche_buffer, data) == 0 &&
                   offsetof(guiche_buffer, size) == sizeof(void*),
               "buffer");

struct interface {
  const char* (*version)(void);
  void (*buffer_free)(guiche_buffer*);
  int32_t (*engine_create)(const void*, size_t, int32_t, const char*, size_t,
                           const char*, size_t, guiche_engine**,
                           guiche_buffer*);
  void (*engine_free)(guiche_engine*);
  int32_t (*call)(const guiche_engine*, const char*, size_t, int32_t,
                  const void*, size_t, guiche_buffer*);
  int32_t (*window_create)(const guiche_engine*, const char*, size_t,
                           const char*, size_t, guiche_window**,
                           guiche_buffer*);
  void (*window_free)(guiche_window*);
  int32_t (*window_states)(const guiche_window*, int64_t, const int64_t*,
                           size_t, uint8_t*);
  int32_t (*window_intervals)(const guiche_window*, int64_t, int64_t, int64_t,
                              guiche_buffer*);
  int32_t (*number)(const guiche_engine*, int32_t, const char*, size_t,
                    int32_t*, guiche_buffer*);
  int32_t (*id)(const guiche_engine*, int32_t, int32_t, guiche_buffer*);
  int32_t (*decide)(const guiche_engine*, const int32_t*, const int32_t*,
                    const int32_t*, const uint64_t*, int64_t, const int64_t*,
                    size_t, guiche_decision*);
};
static const struct interface interface = {
    guiche_version,
    guiche_buffer_free,
    guiche_engine_create,
    guiche_engine_free,
    guiche_call,
    guiche_window_create,
    guiche_window_free,
    guiche_window_states,
    guiche_window_intervals,
    guiche_number,
    guiche_id,
    guiche_decide,
};

static int failures = 0;

#define EXPECT(condition)                                        \
  do {                                                           \
    if (!(condition)) {                                          \
      fprintf(stderr, "%d: not so: %s\n", __LINE__, #condition); \
      ++failures;                                                \
    }                                                            \
  } while (0)

/* Whether `out` holds `part`; frees it. */
static int Holds(guiche_buffer* out, const char* part) {
  const int holds =
      out->data != NULL && strstr((const char*)out->data, part) != NULL;
  if (!holds) fprintf(stderr, "no %s in: %s\n", part, (const char*)out->data);
  guiche_buffer_free(out);
  return holds;
}

static guiche_engine* Create(void) {
  guiche_engine* engine = NULL;
  guiche_buffer out;
  EXPECT(guiche_engine_create(NULL, 0, GUICHE_PROTO, NULL, 0, NULL, 0, &engine,
                              &out) == GUICHE_OK);
  EXPECT(out.data == NULL && out.size == 0);
  return engine;
}

static int32_t Call(const guiche_engine* engine, const char* method,
                    const char* request, guiche_buffer* out) {
  return guiche_call(engine, method, strlen(method), GUICHE_JSON, request,
                     strlen(request), out);
}

static void TestCalls(const guiche_engine* engine) {
  guiche_buffer out;
  EXPECT(Call(engine, "open",
              "{\"place\":\"Sinop\",\"at\":\"2026-01-07T12:00:00-04:00\"}",
              &out) == GUICHE_OK);
  EXPECT(out.data[out.size] == 0 && strlen((const char*)out.data) == out.size);
  EXPECT(Holds(&out, "{\"state\":\"OPEN\","));

  EXPECT(Call(engine, "decide",
              "{\"text\":\"quero pedir pensão\",\"place\":\"Sinop\","
              "\"at\":\"2026-01-07T11:59:00-04:00\"}",
              &out) == GUICHE_OK);
  EXPECT(Holds(&out, "\"state\":\"CLOSED\""));

  EXPECT(Call(engine, "policy", "", &out) == GUICHE_OK);
  EXPECT(Holds(&out, "\"digest\":"));

  /* The same in protobuf: field 3, "at". */
  const char at[] =
      "\x1a\x19"
      "2026-01-07T12:00:00-04:00";
  EXPECT(guiche_call(engine, "open", 4, GUICHE_PROTO, at, sizeof at - 1,
                     &out) == GUICHE_OK);
  EXPECT(out.size > 2 && out.data[0] == 0x08 && out.data[1] == GUICHE_OPEN);
  guiche_buffer_free(&out);
}

static void TestBadCalls(const guiche_engine* engine) {
  guiche_buffer out;
  EXPECT(Call(engine, "shut", "{}", &out) == GUICHE_UNIMPLEMENTED);
  EXPECT(Holds(&out, "{\"error\":{\"code\":\"UNIMPLEMENTED\""));
  EXPECT(Call(engine, "open", "{\"at\":\"2026-01-07T12:00:00\"}", &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "at: "));
  EXPECT(Call(engine, "open",
              "{\"place\":\"Sinope\",\"at\":\"2026-01-07T12:00:00Z\"}",
              &out) == GUICHE_NOT_FOUND);
  EXPECT(Holds(&out, "Sinop"));
  EXPECT(Call(engine, "open", "{\"when\":1}", &out) == GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "when"));
  EXPECT(Call(engine, "open", "{\"at\":1e999}", &out) ==
         GUICHE_INVALID_ARGUMENT);
  guiche_buffer_free(&out);
  EXPECT(Call(engine, "route", "{\"text\":\"\\ud800\"}", &out) ==
         GUICHE_INVALID_ARGUMENT);
  guiche_buffer_free(&out);
  /* A text cut short, and one with a zero in it. */
  EXPECT(guiche_call(engine, "open", 4, GUICHE_PROTO,
                     "\x1a\x19"
                     "2026",
                     6, &out) == GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "AvailabilityRequest"));
  EXPECT(guiche_call(engine, "open\0", 5, GUICHE_JSON, "{}", 2, &out) ==
         GUICHE_UNIMPLEMENTED);
  guiche_buffer_free(&out);
  EXPECT(guiche_call(engine, "open", 4, GUICHE_TEXT, "", 0, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "format: 2"));
}

static void TestHandlesAndSizes(const guiche_engine* engine) {
  guiche_buffer out;
  uint64_t garbage[64];
  memset(garbage, 0xa5, sizeof garbage);
  const guiche_engine* const engines[] = {
      NULL, (const guiche_engine*)garbage,
      (const guiche_engine*)((const char*)garbage + 1)};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT(Call(engines[i], "policy", "", &out) == GUICHE_INVALID_ARGUMENT);
    EXPECT(Holds(&out, "engine: is none"));
    guiche_window* window = (guiche_window*)garbage;
    EXPECT(guiche_window_create(engines[i], NULL, 0, NULL, 0, &window, &out) ==
           GUICHE_INVALID_ARGUMENT);
    EXPECT(window == NULL);
    guiche_buffer_free(&out);
    int32_t number;
    EXPECT(guiche_number(engines[i], GUICHE_NEED, "x", 1, &number, &out) ==
           GUICHE_INVALID_ARGUMENT);
    EXPECT(number == -1);
    guiche_buffer_free(&out);
    guiche_decision decision;
    EXPECT(guiche_decide(engines[i], NULL, NULL, NULL, NULL, 1, NULL, 1,
                         &decision) == GUICHE_INVALID_ARGUMENT);
    EXPECT(guiche_id(engines[i], GUICHE_UNIT, 0, &out) ==
           GUICHE_INVALID_ARGUMENT);
    guiche_buffer_free(&out);
    const guiche_window* windows = (const guiche_window*)engines[i];
    const int64_t now = 0;
    uint8_t state;
    EXPECT(guiche_window_states(windows, 1, &now, 1, &state) ==
           GUICHE_INVALID_ARGUMENT);
    EXPECT(guiche_window_intervals(windows, 1, 0, 1, &out) ==
           GUICHE_INVALID_ARGUMENT);
    EXPECT(Holds(&out, "window: is none"));
    guiche_engine_free((guiche_engine*)engines[i]);
    guiche_window_free((guiche_window*)engines[i]);
  }
  /* An engine is no window. */
  EXPECT(guiche_window_intervals((const guiche_window*)engine, 1, 0, 1, &out) ==
         GUICHE_INVALID_ARGUMENT);
  guiche_buffer_free(&out);

  EXPECT(guiche_call(engine, "open", 4, GUICHE_JSON, NULL, 3, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "request: is null"));
  EXPECT(guiche_call(engine, "open", 4, GUICHE_JSON, "{}", SIZE_MAX, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "request_size: "));
  EXPECT(guiche_call(engine, "open", SIZE_MAX, GUICHE_JSON, "{}", 2, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "method_size: "));
  EXPECT(guiche_call(engine, NULL, 0, GUICHE_JSON, "{}", 2, &out) ==
         GUICHE_UNIMPLEMENTED);
  guiche_buffer_free(&out);
  EXPECT(guiche_call(engine, "policy", 6, GUICHE_JSON, "", 0, NULL) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(guiche_window_create(engine, NULL, 0, NULL, 0, NULL, &out) ==
         GUICHE_INVALID_ARGUMENT);
  guiche_buffer_free(&out);
  guiche_buffer_free(&out);
  guiche_buffer_free(NULL);
  guiche_engine_free(NULL);
  guiche_window_free(NULL);
}

static void TestWindows(const guiche_engine* engine) {
  guiche_buffer out;
  guiche_window* window = NULL;
  EXPECT(guiche_window_create(engine, "online", 6, "Atlântida", 10, &window,
                              &out) == GUICHE_NOT_FOUND);
  EXPECT(Holds(&out, "place: "));
  EXPECT(window == NULL);
  EXPECT(guiche_window_create(engine, "", 0, "SINOP", 5, &window, &out) ==
         GUICHE_OK);

  /* 2026-01-07T11:59:59-04:00, 12:00, year 1 and as far as numbers go. */
  const int64_t noon = 1767801600;
  const int64_t seconds[] = {noon - 1, noon, -62135596800, INT64_MIN,
                             INT64_MAX};
  const uint8_t expected[] = {GUICHE_CLOSED, GUICHE_OPEN, GUICHE_UNCOVERED,
                              GUICHE_UNCOVERED, GUICHE_UNCOVERED};
  uint8_t states[5];
  EXPECT(guiche_window_states(window, 1, seconds, 5, states) == GUICHE_OK);
  EXPECT(memcmp(states, expected, 5) == 0);
  for (size_t i = 0; i < 5; ++i) {
    uint8_t state = 0;
    EXPECT(guiche_window_states(window, 1, seconds + i, 1, &state) ==
           GUICHE_OK);
    EXPECT(state == expected[i]);
  }
  for (int64_t ticks = 1000; ticks <= 1000000000; ticks *= 1000) {
    const int64_t instants[] = {noon * ticks - 1, noon * ticks, -1, INT64_MIN,
                                INT64_MAX};
    EXPECT(guiche_window_states(window, ticks, instants, 5, states) ==
           GUICHE_OK);
    EXPECT(states[0] == GUICHE_CLOSED && states[1] == GUICHE_OPEN);
    EXPECT(states[2] == GUICHE_UNCOVERED && states[3] == GUICHE_UNCOVERED &&
           states[4] == GUICHE_UNCOVERED);
  }
  EXPECT(guiche_window_states(window, 1, NULL, 0, NULL) == GUICHE_OK);
  EXPECT(guiche_window_states(window, 1, NULL, 1, states) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(guiche_window_states(window, 1, seconds, 1, NULL) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(guiche_window_states(window, 1, seconds, SIZE_MAX, states) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(guiche_window_states(window, 60, seconds, 1, states) ==
         GUICHE_INVALID_ARGUMENT);

  /* From the noon on for two days: 12-18 and 12-18. */
  EXPECT(guiche_window_intervals(window, 1000, noon * 1000,
                                 (noon + 2 * 86400) * 1000, &out) == GUICHE_OK);
  const int64_t open[] = {noon * 1000, (noon + 6 * 3600) * 1000,
                          (noon + 86400) * 1000, (noon + 30 * 3600) * 1000};
  EXPECT(out.size == sizeof open && memcmp(out.data, open, out.size) == 0);
  guiche_buffer_free(&out);
  EXPECT(guiche_window_intervals(window, 1, INT64_MAX, INT64_MIN, &out) ==
         GUICHE_OK);
  EXPECT(out.size == 0);
  EXPECT(guiche_window_intervals(window, 1000000000, INT64_MIN, INT64_MAX,
                                 &out) == GUICHE_OK);
  EXPECT(out.size > 1000 * sizeof *open);
  guiche_buffer_free(&out);
  EXPECT(guiche_window_intervals(window, 0, 0, 1, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "ticks_per_second: 0"));
  guiche_window_free(window);
}

static void TestNumbers(const guiche_engine* engine) {
  guiche_buffer out;
  int32_t area, place;
  EXPECT(guiche_number(engine, GUICHE_AREA, "familia", 7, &area, &out) ==
         GUICHE_OK);
  EXPECT(guiche_number(engine, GUICHE_PLACE, "sinop", 5, &place, &out) ==
         GUICHE_OK);
  EXPECT(guiche_number(engine, GUICHE_AREA, "família", 8, &area, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "familia"));
  EXPECT(area == -1);
  EXPECT(guiche_number(engine, 9, "x", 1, &area, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "kind: 9"));
  EXPECT(guiche_number(engine, GUICHE_AREA, "familia", 7, &area, &out) ==
         GUICHE_OK);

  /* A number and its id lead to each other, for all of every kind. */
  for (int32_t kind = GUICHE_NEED; kind <= GUICHE_UNIT; ++kind) {
    guiche_buffer id;
    int32_t count = 0, back;
    for (; guiche_id(engine, kind, count, &id) == GUICHE_OK; ++count) {
      EXPECT(guiche_number(engine, kind, (const char*)id.data, id.size, &back,
                           &out) == GUICHE_OK);
      EXPECT(back == count);
      guiche_buffer_free(&id);
    }
    guiche_buffer_free(&id);
    EXPECT(count > 2);
    EXPECT(guiche_id(engine, kind, -1, &id) == GUICHE_NOT_FOUND);
    guiche_buffer_free(&id);
    EXPECT(guiche_id(engine, kind, INT32_MAX, &id) == GUICHE_NOT_FOUND);
    EXPECT(Holds(&id, "number: 2147483647"));
  }
  EXPECT(guiche_id(engine, 0, 0, &out) == GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "kind: 0"));
  EXPECT(guiche_number(engine, GUICHE_UNIT, "x", 1, &place, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "unit: \\\"x\\\" is no unit"));
}

/* The decisions of a column are those of the same questions by name. */
static void TestDecisions(const guiche_engine* engine) {
  guiche_buffer out, unit;
  int32_t area, place;
  EXPECT(guiche_number(engine, GUICHE_AREA, "familia", 7, &area, &out) ==
         GUICHE_OK);
  EXPECT(guiche_number(engine, GUICHE_PLACE, "sinop", 5, &place, &out) ==
         GUICHE_OK);
  const int32_t areas[] = {area, INT32_MIN, area};
  const int32_t places[] = {place, INT32_MAX, place};
  const uint64_t facts[] = {0, UINT64_MAX, 0};
  const int64_t noon = 1767801600000, instants[] = {noon - 1, INT64_MIN, noon};
  guiche_decision decisions[3];
  EXPECT(guiche_decide(engine, NULL, areas, places, facts, 1000, instants, 3,
                       decisions) == GUICHE_OK);
  EXPECT(Call(engine, "decide",
              "{\"area\":\"familia\",\"place\":\"Sinop\","
              "\"at\":\"2026-01-07T12:00:00-04:00\"}",
              &out) == GUICHE_OK);
  EXPECT(guiche_id(engine, GUICHE_UNIT, decisions[0].unit, &unit) == GUICHE_OK);
  char expected[200];
  snprintf(expected, sizeof expected, "\"unit\":{\"id\":\"%s\",",
           (const char*)unit.data);
  guiche_buffer_free(&unit);
  EXPECT(Holds(&out, expected));
  EXPECT(decisions[0].area == area && decisions[0].outcome == GUICHE_ROUTED);
  EXPECT(decisions[0].urgent == 0 && decisions[0].state == GUICHE_CLOSED);
  EXPECT(decisions[1].unit == -1 && decisions[1].area == -1);
  EXPECT(decisions[1].outcome == GUICHE_ASK && decisions[1].urgent == 1);
  EXPECT(decisions[1].state == GUICHE_UNCOVERED);
  EXPECT(decisions[2].unit == decisions[0].unit);
  EXPECT(decisions[2].state == GUICHE_OPEN && decisions[2].mode == 1);

  EXPECT(guiche_decide(engine, NULL, areas, NULL, NULL, 0, NULL, 1,
                       decisions) == GUICHE_OK);
  EXPECT(decisions[0].area == area && decisions[0].state == 0);
  EXPECT(decisions[0].mode == 0);
  EXPECT(guiche_decide(engine, NULL, NULL, NULL, NULL, 7, instants, 1,
                       decisions) == GUICHE_INVALID_ARGUMENT);
  EXPECT(guiche_decide(engine, NULL, NULL, NULL, NULL, 1, NULL, 0, NULL) ==
         GUICHE_OK);
  EXPECT(guiche_decide(engine, NULL, NULL, NULL, NULL, 1, NULL, 1, NULL) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(guiche_decide(engine, NULL, NULL, NULL, NULL, 1, NULL, SIZE_MAX,
                       decisions) == GUICHE_INVALID_ARGUMENT);
}

/* Errors of a policy, and a digest that pins one. */
static void TestPolicies(const guiche_engine* engine) {
  guiche_buffer out;
  guiche_engine* other = (guiche_engine*)&out;
  const char broken[] = "id: \"x\" time_zone: \"Nowhere\"";
  EXPECT(guiche_engine_create(broken, sizeof broken - 1, GUICHE_TEXT, NULL, 0,
                              NULL, 0, &other,
                              &out) == GUICHE_INVALID_ARGUMENT);
  EXPECT(other == NULL);
  EXPECT(Holds(&out, "\"problems\":[{\"path\":\""));
  EXPECT(guiche_engine_create("id: 5", 5, GUICHE_TEXT, NULL, 0, NULL, 0, &other,
                              &out) == GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "policy:1:5"));
  EXPECT(guiche_engine_create("x", 1, 7, NULL, 0, NULL, 0, &other, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "format: 7"));
  EXPECT(guiche_engine_create(NULL, 0, 0, NULL, 0, "ontem", 5, &other, &out) ==
         GUICHE_INVALID_ARGUMENT);
  EXPECT(Holds(&out, "known_at: "));
  EXPECT(guiche_engine_create(NULL, 0, 0, NULL, 0, NULL, 0, NULL, &out) ==
         GUICHE_INVALID_ARGUMENT);
  guiche_buffer_free(&out);

  EXPECT(Call(engine, "policy", "", &out) == GUICHE_OK);
  const char* digest = strstr((const char*)out.data, "\"digest\":\"");
  guiche_buffer error;
  EXPECT(guiche_engine_create(NULL, 0, 0, digest + 10, 64, NULL, 0, &other,
                              &error) == GUICHE_OK);
  guiche_engine_free(other);
  EXPECT(guiche_engine_create(NULL, 0, 0, digest + 10, 63, NULL, 0, &other,
                              &error) == GUICHE_FAILED_PRECONDITION);
  EXPECT(Holds(&error, "digest: "));
  guiche_buffer_free(&out);
}

/* Bytes of no meaning in every argument that takes bytes. A fixed seed. */
static void TestGarbage(const guiche_engine* engine) {
  const char* const methods[] = {"open",  "route",    "decide",
                                 "check", "calendar", "policy"};
  uint64_t random = 42;
  for (int round = 0; round < 400; ++round) {
    /* On the heap, at its exact size, so that a byte too far is seen. */
    random = random * 6364136223846793005u + 1442695040888963407u;
    const size_t size = random >> 60 == 0 ? 0 : (random >> 40) % 64;
    char* bytes = malloc(size ? size : 1);
    for (size_t i = 0; i < size; ++i) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      bytes[i] = (char)(random >> 56);
    }
    const int32_t format = (int32_t)(random >> 32) % 4;
    const char* method = methods[round % 6];
    guiche_buffer out;
    int32_t number;
    guiche_window* window;
    guiche_engine* other;
    guiche_call(engine, method, strlen(method), format, bytes, size, &out);
    guiche_buffer_free(&out);
    guiche_call(engine, bytes, size, format, bytes, size, &out);
    guiche_buffer_free(&out);
    guiche_number(engine, round % 6, bytes, size, &number, &out);
    guiche_buffer_free(&out);
    guiche_window_create(engine, bytes, size, "Sinop", 5, &window, &out);
    guiche_window_free(window);
    guiche_buffer_free(&out);
    guiche_window_create(engine, NULL, 0, bytes, size, &window, &out);
    guiche_window_free(window);
    guiche_buffer_free(&out);
    if (size > 0) {
      EXPECT(guiche_engine_create(bytes, size, format, bytes, size, bytes, size,
                                  &other, &out) != GUICHE_OK);
      guiche_buffer_free(&out);
    }
    free(bytes);
  }
}

int main(void) {
  guiche_engine* engine = Create();
  EXPECT(strcmp(interface.version(), "0.1.0") == 0);
  TestCalls(engine);
  TestBadCalls(engine);
  TestHandlesAndSizes(engine);
  TestWindows(engine);
  TestNumbers(engine);
  TestDecisions(engine);
  TestPolicies(engine);
  TestGarbage(engine);
  guiche_engine_free(engine);
  if (failures > 0) fprintf(stderr, "%d not as expected\n", failures);
  return failures > 0;
}
