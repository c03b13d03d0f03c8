/* Ten lines that ask one question of the installed library. */
#include <guiche.h>
#include <stdio.h>

int main(void) {
  const char request[] =
      "{\"place\":\"Sinop\",\"at\":\"2026-01-07T12:00:00-04:00\"}";
  guiche_engine* engine;
  guiche_buffer out;
  if (guiche_engine_create(NULL, 0, 0, NULL, 0, NULL, 0, &engine, &out))
    return 1;
  guiche_call(engine, "open", 4, GUICHE_JSON, request, sizeof request - 1,
              &out);
  return printf("%.16s\n", (const char*)out.data) < 0;
}
