/*
 * guiche for Node, by Node-API, which is the same in every Node since 10:
 *
 *   cc -O2 -fPIC -shared -I/usr/include/node $(pkg-config --cflags guiche) \
 *     guiche_node.c -o guiche.node $(pkg-config --libs guiche)
 *
 * guiche.js is what programs load.
 */
#include <guiche.h>
#include <node_api.h>

/* Throws the library's error, the JSON as message and gRPC's number as code. */
static void Throw(napi_env env, int32_t code, guiche_buffer* out) {
  napi_value message, error, number;
  napi_create_string_utf8(env, (const char*)out->data, out->size, &message);
  guiche_buffer_free(out);
  napi_create_error(env, NULL, message, &error);
  napi_create_int32(env, code, &number);
  napi_set_named_property(env, error, "code", number);
  napi_throw(env, error);
}

static void Finalize(napi_env env, void* engine, void* hint) {
  (void)env;
  (void)hint;
  guiche_engine_free(engine);
}

/* create(policy, digest, knownAt): each a Buffer. */
static napi_value Create(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3], handle = NULL;
  void* texts[3];
  size_t sizes[3];
  guiche_engine* engine;
  guiche_buffer out;
  int32_t code;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  for (size_t i = 0; i < 3; ++i) {
    if (i >= count || napi_get_buffer_info(env, arguments[i], &texts[i],
                                           &sizes[i]) != napi_ok) {
      napi_throw_type_error(env, NULL, "create: takes three Buffers");
      return NULL;
    }
  }
  code = guiche_engine_create(texts[0], sizes[0], GUICHE_TEXT, texts[1],
                              sizes[1], texts[2], sizes[2], &engine, &out);
  if (code != GUICHE_OK) {
    Throw(env, code, &out);
  } else {
    napi_create_external(env, engine, Finalize, NULL, &handle);
  }
  return handle;
}

/* call(handle, method, request): the last two are Buffers, as is the answer. */
static napi_value Call(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3], answer = NULL;
  void *engine, *method, *request;
  size_t method_size, request_size;
  guiche_buffer out;
  int32_t code;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 3 ||
      napi_get_value_external(env, arguments[0], &engine) != napi_ok ||
      napi_get_buffer_info(env, arguments[1], &method, &method_size) !=
          napi_ok ||
      napi_get_buffer_info(env, arguments[2], &request, &request_size) !=
          napi_ok) {
    napi_throw_type_error(env, NULL, "call: takes a handle and two Buffers");
    return NULL;
  }
  code = guiche_call(engine, method, method_size, GUICHE_JSON, request,
                     request_size, &out);
  if (code != GUICHE_OK) {
    Throw(env, code, &out);
  } else {
    napi_create_buffer_copy(env, out.size, out.data, NULL, &answer);
    guiche_buffer_free(&out);
  }
  return answer;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "create", NAPI_AUTO_LENGTH, Create, NULL,
                       &function);
  napi_set_named_property(env, exports, "create", function);
  napi_create_function(env, "call", NAPI_AUTO_LENGTH, Call, NULL, &function);
  napi_set_named_property(env, exports, "call", function);
  return exports;
}
