/*
 * guiche in PostgreSQL, over the C interface. What the functions answer is said
 * in guiche--0.1.sql.
 *
 * A backend keeps the policies that it compiled, by digest. Which digest a name
 * means is read once per call site and snapshot, so that all rows of a query
 * are answered by one policy.
 */
/* clang-format off: postgres.h comes before every other */
#include "postgres.h"
/* clang-format on */

#include "bindings/c/guiche.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "common/int.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/rangetypes.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

PG_MODULE_MAGIC;

/* Hexadecimal digits of a digest. The embedded policy goes by the empty one. */
#define DIGEST_SIZE 64

/* Policies that a backend keeps; the oldest makes room for another. */
#define ENGINES 8

/* Windows that a call site keeps; a power of two. */
#define WINDOWS 256

typedef struct Engine {
  char digest[DIGEST_SIZE + 1];
  guiche_engine* engine; /* NULL: an empty place */
} Engine;

typedef struct Window {
  guiche_window* window; /* NULL: an empty place */
  text* place;
  text* service;
} Window;

/* What a call site remembers between rows. */
typedef struct Site {
  text* policy; /* the name that `digest` stands for; NULL: none yet */
  char digest[DIGEST_SIZE + 1];
  uint64 completed; /* the snapshot in which it does */
  CommandId command;
  Window windows[WINDOWS];
  MemoryContextCallback end;
} Site;

static Engine engines[ENGINES];
static int oldest_engine;

/* --- Texts and errors ---------------------------------------------------- */

/* A text of the server's as UTF-8. */
static char* Utf8(text* value, size_t* size) {
  char* bytes = VARDATA_ANY(value);
  char* utf8 = pg_server_to_any(bytes, VARSIZE_ANY_EXHDR(value), PG_UTF8);
  *size = utf8 == bytes ? VARSIZE_ANY_EXHDR(value) : strlen(utf8);
  return utf8;
}

static bool SameText(text* a, text* b) {
  size_t size = VARSIZE_ANY_EXHDR(a);
  return size == VARSIZE_ANY_EXHDR(b) &&
         memcmp(VARDATA_ANY(a), VARDATA_ANY(b), size) == 0;
}

static text* KeepText(MemoryContext context, text* value) {
  text* copy = MemoryContextAlloc(context, VARSIZE_ANY(value));
  memcpy(copy, value, VARSIZE_ANY(value));
  return copy;
}

/* Moves the library's bytes into memory of the server's, with a final zero. */
static char* Take(guiche_buffer* out) {
  char* bytes = palloc_extended(out->size + 1, MCXT_ALLOC_NO_OOM);
  if (bytes != NULL) {
    memcpy(bytes, out->data, out->size);
    bytes[out->size] = 0;
  }
  guiche_buffer_free(out);
  if (bytes == NULL) {
    ereport(ERROR, errcode(ERRCODE_OUT_OF_MEMORY),
            errmsg("guiche: out of memory"));
  }
  return bytes;
}

static int SqlState(int32_t code) {
  switch (code) {
    case GUICHE_INVALID_ARGUMENT:
      return ERRCODE_INVALID_PARAMETER_VALUE;
    case GUICHE_NOT_FOUND:
      return ERRCODE_UNDEFINED_OBJECT;
    case GUICHE_RESOURCE_EXHAUSTED:
      return ERRCODE_OUT_OF_MEMORY;
    case GUICHE_FAILED_PRECONDITION:
      return ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
    case GUICHE_UNIMPLEMENTED:
      return ERRCODE_UNDEFINED_FUNCTION;
    default:
      return ERRCODE_INTERNAL_ERROR;
  }
}

/* A member of a JSON object, as text. */
static char* Member(const char* json, const char* name) {
  Datum member =
      DirectFunctionCall2(json_object_field_text, CStringGetTextDatum(json),
                          CStringGetTextDatum(name));
  return TextDatumGetCString(member);
}

/* Raises the library's error, if it is one. */
static void Check(int32_t code, guiche_buffer* out) {
  char* json;
  if (code == GUICHE_OK) return;
  json = Take(out);
  json = pg_any_to_server(json, strlen(json), PG_UTF8);
  ereport(ERROR, errcode(SqlState(code)),
          errmsg("guiche: %s", json[0] == 0
                                   ? "out of memory"
                                   : Member(Member(json, "error"), "message")));
}

/* --- Policies ------------------------------------------------------------ */

static guiche_engine* FindEngine(const char* digest) {
  for (int i = 0; i < ENGINES; ++i) {
    if (engines[i].engine != NULL && strcmp(engines[i].digest, digest) == 0) {
      return engines[i].engine;
    }
  }
  return NULL;
}

/* Keeps an engine in place of the oldest. */
static void KeepEngine(guiche_engine* engine, const char* digest) {
  Engine* place = &engines[oldest_engine];
  guiche_engine_free(place->engine);
  place->engine = engine;
  strlcpy(place->digest, digest, sizeof(place->digest));
  oldest_engine = (oldest_engine + 1) % ENGINES;
}

/* Compiles a policy; NULL is the embedded one. */
static guiche_engine* Compile(text* textproto, const char* digest) {
  size_t size = 0;
  char* policy = textproto == NULL ? NULL : Utf8(textproto, &size);
  guiche_engine* engine;
  guiche_buffer out;
  Check(guiche_engine_create(policy, size, GUICHE_TEXT, digest, strlen(digest),
                             NULL, 0, &engine, &out),
        &out);
  return engine;
}

/* Writes the digest of the policy of a name, and sees that its engine is there.
 */
static void Resolve(Oid function, text* name, char* digest) {
  bool is_default = VARSIZE_ANY_EXHDR(name) == 0;
  Oid types[] = {TEXTOID};
  Datum values[] = {is_default ? CStringGetTextDatum("default")
                               : PointerGetDatum(name)};
  char* schema = get_namespace_name(get_func_namespace(function));
  char* query = psprintf(
      "SELECT digest, textproto FROM %s.guiche_policy"
      " WHERE name OPERATOR(pg_catalog.=) $1",
      quote_identifier(schema));
  SPI_connect();
  SPI_execute_with_args(query, 1, types, values, NULL, true, 1);
  if (SPI_processed == 0 && !is_default) {
    ereport(ERROR, errcode(ERRCODE_UNDEFINED_OBJECT),
            errmsg("guiche: policy: \"%s\" is not a name in guiche_policy",
                   text_to_cstring(name)));
  }
  digest[0] = 0;
  if (SPI_processed > 0) {
    strlcpy(digest,
            SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1),
            DIGEST_SIZE + 1);
  }
  if (FindEngine(digest) == NULL) {
    text* textproto = NULL;
    if (SPI_processed > 0) {
      bool is_null;
      textproto = DatumGetTextPP(SPI_getbinval(
          SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &is_null));
    }
    KeepEngine(Compile(textproto, digest), digest);
  }
  SPI_finish();
}

/* --- Call sites ---------------------------------------------------------- */

static void ForgetWindow(Window* window) {
  if (window->place != NULL) pfree(window->place);
  if (window->service != NULL) pfree(window->service);
  guiche_window_free(window->window);
  memset(window, 0, sizeof(*window));
}

static void ForgetWindows(void* argument) {
  Site* site = argument;
  for (int i = 0; i < WINDOWS; ++i) ForgetWindow(&site->windows[i]);
}

/* The call site's memory, whose digest is that of the policy of this name now.
 */
static Site* FindSite(FunctionCallInfo fcinfo, text* policy) {
  FmgrInfo* function = fcinfo->flinfo;
  Site* site = function->fn_extra;
  Snapshot snapshot = GetActiveSnapshot();
  char digest[DIGEST_SIZE + 1];
  if (site == NULL) {
    site = MemoryContextAllocZero(function->fn_mcxt, sizeof(Site));
    site->end.func = ForgetWindows;
    site->end.arg = site;
    MemoryContextRegisterResetCallback(function->fn_mcxt, &site->end);
    function->fn_extra = site;
  }
  if (site->policy != NULL && SameText(site->policy, policy) &&
      site->completed == snapshot->snapXactCompletionCount &&
      site->command == snapshot->curcid) {
    return site;
  }
  Resolve(function->fn_oid, policy, digest);
  if (strcmp(site->digest, digest) != 0) ForgetWindows(site);
  if (site->policy == NULL || !SameText(site->policy, policy)) {
    text* copy = KeepText(function->fn_mcxt, policy);
    if (site->policy != NULL) pfree(site->policy);
    site->policy = copy;
  }
  strlcpy(site->digest, digest, sizeof(site->digest));
  site->completed = snapshot->snapXactCompletionCount;
  site->command = snapshot->curcid;
  return site;
}

/* The engine of a call site, compiled anew if others took its room. */
static guiche_engine* EngineOf(Site* site, Oid function) {
  guiche_engine* engine = FindEngine(site->digest);
  if (engine == NULL) {
    char digest[DIGEST_SIZE + 1];
    Resolve(function, site->policy, digest);
    engine = FindEngine(digest);
  }
  return engine;
}

/* The window of a place and service, found once for all rows that name them. */
static guiche_window* FindWindow(FunctionCallInfo fcinfo, text* place,
                                 text* service, text* policy) {
  Site* site = FindSite(fcinfo, policy);
  MemoryContext memory = fcinfo->flinfo->fn_mcxt;
  uint32 hash =
      hash_bytes((unsigned char*)VARDATA_ANY(place), VARSIZE_ANY_EXHDR(place)) ^
      hash_bytes((unsigned char*)VARDATA_ANY(service),
                 VARSIZE_ANY_EXHDR(service));
  Window* found = &site->windows[hash % WINDOWS];
  guiche_buffer out;
  size_t place_size, service_size;
  char *place_text, *service_text;
  if (found->window != NULL && SameText(found->place, place) &&
      SameText(found->service, service)) {
    return found->window;
  }
  ForgetWindow(found);
  found->place = KeepText(memory, place);
  found->service = KeepText(memory, service);
  place_text = Utf8(place, &place_size);
  service_text = Utf8(service, &service_size);
  Check(guiche_window_create(EngineOf(site, fcinfo->flinfo->fn_oid),
                             service_text, service_size, place_text, place_size,
                             &found->window, &out),
        &out);
  return found->window;
}

/* --- Functions of SQL ---------------------------------------------------- */

#define UNIX_EPOCH \
  ((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (int64)USECS_PER_DAY)

/* Microseconds since 1970; the infinities and what is near them stay extreme.
 */
static int64 UnixMicros(TimestampTz at) {
  int64 micros;
  return pg_add_s64_overflow(at, UNIX_EPOCH, &micros) ? PG_INT64_MAX : micros;
}

PG_FUNCTION_INFO_V1(guiche_open);
Datum guiche_open(PG_FUNCTION_ARGS) {
  guiche_window* window = FindWindow(
      fcinfo, PG_GETARG_TEXT_PP(1), PG_GETARG_TEXT_PP(2), PG_GETARG_TEXT_PP(3));
  int64_t instant = UnixMicros(PG_GETARG_TIMESTAMPTZ(0));
  uint8_t state = GUICHE_UNCOVERED;
  guiche_window_states(window, USECS_PER_SEC, &instant, 1, &state);
  if (state == GUICHE_UNCOVERED) PG_RETURN_NULL();
  PG_RETURN_BOOL(state == GUICHE_OPEN);
}

static Datum Range(TypeCacheEntry* type, const int64* micros) {
  RangeBound since = {.val = TimestampTzGetDatum(micros[0] - UNIX_EPOCH),
                      .inclusive = true,
                      .lower = true};
  RangeBound until = {.val = TimestampTzGetDatum(micros[1] - UNIX_EPOCH)};
  return RangeTypePGetDatum(make_range(type, &since, &until, false));
}

PG_FUNCTION_INFO_V1(guiche_intervals);
Datum guiche_intervals(PG_FUNCTION_ARGS) {
  FuncCallContext* calls;
  Datum range;
  if (SRF_IS_FIRSTCALL()) {
    /* fn_extra is the series' own, so the window is found without a site. */
    FmgrInfo function = *fcinfo->flinfo;
    LOCAL_FCINFO(call, 0);
    guiche_window* window;
    guiche_buffer out;
    MemoryContext before;
    calls = SRF_FIRSTCALL_INIT();
    before = MemoryContextSwitchTo(calls->multi_call_memory_ctx);
    function.fn_extra = NULL;
    function.fn_mcxt = calls->multi_call_memory_ctx;
    InitFunctionCallInfoData(*call, &function, 0, InvalidOid, NULL, NULL);
    window = FindWindow(call, PG_GETARG_TEXT_PP(2), PG_GETARG_TEXT_PP(3),
                        PG_GETARG_TEXT_PP(4));
    Check(guiche_window_intervals(window, USECS_PER_SEC,
                                  UnixMicros(PG_GETARG_TIMESTAMPTZ(0)),
                                  UnixMicros(PG_GETARG_TIMESTAMPTZ(1)), &out),
          &out);
    calls->max_calls = out.size / (2 * sizeof(int64));
    calls->user_fctx = Take(&out);
    MemoryContextSwitchTo(before);
  }
  calls = SRF_PERCALL_SETUP();
  if (calls->call_cntr >= calls->max_calls) SRF_RETURN_DONE(calls);
  range = Range(lookup_type_cache(TSTZRANGEOID, TYPECACHE_RANGE_INFO),
                (const int64*)calls->user_fctx + 2 * calls->call_cntr);
  SRF_RETURN_NEXT(calls, range);
}

/* The answer to a request, both as JSON. */
static char* Call(guiche_engine* engine, text* method, const char* request) {
  size_t method_size;
  char* method_text = Utf8(method, &method_size);
  char* utf8 = pg_server_to_any(request, strlen(request), PG_UTF8);
  guiche_buffer out;
  char* answer;
  Check(guiche_call(engine, method_text, method_size, GUICHE_JSON, utf8,
                    strlen(utf8), &out),
        &out);
  answer = Take(&out);
  return pg_any_to_server(answer, strlen(answer), PG_UTF8);
}

PG_FUNCTION_INFO_V1(guiche_sql_call);
Datum guiche_sql_call(PG_FUNCTION_ARGS) {
  Jsonb* request = PG_GETARG_JSONB_P(1);
  Site* site = FindSite(fcinfo, PG_GETARG_TEXT_PP(2));
  char* answer =
      Call(EngineOf(site, fcinfo->flinfo->fn_oid), PG_GETARG_TEXT_PP(0),
           JsonbToCString(NULL, &request->root, VARSIZE(request)));
  return DirectFunctionCall1(jsonb_in, CStringGetDatum(answer));
}

PG_FUNCTION_INFO_V1(guiche_digest);
Datum guiche_digest(PG_FUNCTION_ARGS) {
  guiche_engine* engine = Compile(PG_GETARG_TEXT_PP(0), "");
  char* digest;
  /* Kept first: should anything below raise, it is not lost. */
  KeepEngine(engine, "new");
  digest = Member(Call(engine, cstring_to_text("policy"), ""), "digest");
  for (int i = 0; i < ENGINES; ++i) {
    if (engines[i].engine == engine) {
      strlcpy(engines[i].digest, digest, sizeof(engines[i].digest));
    }
  }
  PG_RETURN_TEXT_P(cstring_to_text(digest));
}
