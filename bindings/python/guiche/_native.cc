// The C interface for Python: bytes and numbers cross, no protobuf message
// does, so any protobuf runtime of the host's is left alone.

// Python comes before its own datetime.
// clang-format off
#include "pybind11/pybind11.h"
#include <datetime.h>
// clang-format on

#include <cstdint>
#include <limits>
#include <new>
#include <string>

#include "bindings/c/guiche.h"

// The C data interface of Arrow, as its specification has every user declare
// it.
extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};
struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema*);
  int (*get_next)(ArrowArrayStream*, ArrowArray*);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};
}

namespace {

namespace py = pybind11;

// numpy's NaT.
constexpr int64_t kNotATime = std::numeric_limits<int64_t>::min();

// An answer as Python's bytes; an error as ValueError, whose text is its JSON.
py::bytes Take(int32_t code, guiche_buffer out) {
  const auto* data = reinterpret_cast<const char*>(out.data);
  const std::string bytes(data == nullptr ? "" : data, out.size);
  guiche_buffer_free(&out);
  if (code == GUICHE_OK) return bytes;
  if (bytes.empty()) throw std::bad_alloc();
  throw py::value_error(bytes);
}

py::bytes Uninitialized(Py_ssize_t size) {
  PyObject* bytes = PyBytes_FromStringAndSize(nullptr, size);
  if (bytes == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::bytes>(bytes);
}

class Engine {
 public:
  Engine(const std::string& policy, int32_t format, const std::string& digest,
         const std::string& known_at) {
    guiche_buffer out;
    int32_t code;
    {
      py::gil_scoped_release release;
      code = guiche_engine_create(policy.data(), policy.size(), format,
                                  digest.data(), digest.size(), known_at.data(),
                                  known_at.size(), &engine_, &out);
    }
    Take(code, out);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() { guiche_engine_free(engine_); }

  py::bytes Call(const std::string& method, int32_t format,
                 const std::string& request) const {
    guiche_buffer out;
    int32_t code;
    {
      py::gil_scoped_release release;
      code = guiche_call(engine_, method.data(), method.size(), format,
                         request.data(), request.size(), &out);
    }
    return Take(code, out);
  }

  int32_t Number(int32_t kind, const std::string& text) const {
    guiche_buffer out;
    int32_t number;
    const int32_t code =
        guiche_number(engine_, kind, text.data(), text.size(), &number, &out);
    Take(code, out);
    return number;
  }

  // All ids of a kind, by number.
  py::list Ids(int32_t kind) const {
    py::list ids;
    guiche_buffer out;
    int32_t code;
    for (int32_t number = 0;
         (code = guiche_id(engine_, kind, number, &out)) == GUICHE_OK;
         ++number) {
      ids.append(py::str(std::string(Take(code, out))));
    }
    if (code != GUICHE_NOT_FOUND) Take(code, out);
    guiche_buffer_free(&out);
    return ids;
  }

  // The decisions on `count` requests, as guiche_decision. A column is None or
  // a buffer.
  py::bytes Decide(const py::object& needs, const py::object& areas,
                   const py::object& places, const py::object& facts,
                   int64_t ticks_per_second, const py::object& instants,
                   size_t count) const {
    const Column<int32_t> need(needs, count), area(areas, count),
        place(places, count);
    const Column<uint64_t> fact(facts, count);
    const Column<int64_t> instant(instants, count);
    py::bytes decisions = Uninitialized(count * sizeof(guiche_decision));
    auto* out =
        reinterpret_cast<guiche_decision*>(PyBytes_AS_STRING(decisions.ptr()));
    int32_t code;
    {
      py::gil_scoped_release release;
      code = guiche_decide(engine_, need.data(), area.data(), place.data(),
                           fact.data(), ticks_per_second, instant.data(), count,
                           out);
    }
    if (code != GUICHE_OK) throw py::value_error("ticks_per_second: is none");
    return decisions;
  }

  const guiche_engine* get() const { return engine_; }

 private:
  // A column of the caller's, or none.
  template <typename Element>
  class Column {
   public:
    Column(const py::object& column, size_t count) {
      if (column.is_none()) return;
      info_ = py::reinterpret_borrow<py::buffer>(column).request();
      if (info_.ndim != 1 || info_.itemsize != sizeof(Element) ||
          static_cast<size_t>(info_.size) != count ||
          (count > 1 && info_.strides[0] != sizeof(Element))) {
        throw py::value_error("column: is no array of adjacent integers of " +
                              std::to_string(8 * sizeof(Element)) + " bits");
      }
    }
    const Element* data() const {
      return static_cast<const Element*>(info_.ptr);
    }

   private:
    py::buffer_info info_;
  };

  guiche_engine* engine_ = nullptr;
};

class Window {
 public:
  // `states`: what is answered for each guiche_state, by its number.
  Window(const Engine& engine, const std::string& service,
         const std::string& place, py::tuple states)
      : states_(std::move(states)),
        epoch_(py::reinterpret_steal<py::object>(
            PyDateTimeAPI->DateTime_FromDateAndTime(
                1970, 1, 1, 0, 0, 0, 0, PyDateTime_TimeZone_UTC,
                PyDateTimeAPI->DateTimeType))) {
    if (states_.size() != GUICHE_UNCOVERED + 1) {
      throw py::value_error("states: must be four");
    }
    guiche_buffer out;
    const int32_t code =
        guiche_window_create(engine.get(), service.data(), service.size(),
                             place.data(), place.size(), &window_, &out);
    Take(code, out);
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  ~Window() { guiche_window_free(window_); }

  // Keeps the interpreter's lock: letting go costs more than the answer.
  py::object State(py::handle at) const {
    const int64_t second = UtcSecond(at);
    uint8_t state;
    guiche_window_states(window_, 1, &second, 1, &state);
    return states_[state];
  }

  py::bytes States(int64_t ticks_per_second, const py::buffer& instants) const {
    const py::buffer_info column = instants.request();
    if (column.ndim != 1 || column.itemsize != 8 ||
        (column.size > 1 && column.strides[0] != 8)) {
      throw py::value_error("instants: must be adjacent integers of 64 bits");
    }
    py::bytes states = Uninitialized(column.size);
    Fill(ticks_per_second, static_cast<const int64_t*>(column.ptr), column.size,
         0, PyBytes_AS_STRING(states.ptr()));
    return states;
  }

  py::bytes ArrowStates(py::handle column) const {
    if (!py::hasattr(column, "__arrow_c_stream__")) {
      const py::tuple both = column.attr("__arrow_c_array__")();
      std::string states;
      Append(TicksPerSecond(*Held<ArrowSchema>(both[0], "arrow_schema")),
             *Held<ArrowArray>(both[1], "arrow_array"), states);
      return states;
    }
    const py::object held = column.attr("__arrow_c_stream__")();
    auto* stream = Held<ArrowArrayStream>(held, "arrow_array_stream");
    ArrowSchema schema;
    if (stream->get_schema(stream, &schema) != 0) Fail(stream);
    const Released<ArrowSchema> schema_release{schema};
    const int64_t ticks_per_second = TicksPerSecond(schema);
    std::string states;
    while (true) {
      ArrowArray chunk;
      if (stream->get_next(stream, &chunk) != 0) Fail(stream);
      if (chunk.release == nullptr) return states;
      const Released<ArrowArray> chunk_release{chunk};
      Append(ticks_per_second, chunk, states);
    }
  }

 private:
  template <typename Struct>
  struct Released {
    Struct& held;
    ~Released() { held.release(&held); }
  };

  // What a capsule holds, which frees it.
  template <typename Struct>
  static Struct* Held(py::handle capsule, const char* name) {
    void* held = PyCapsule_GetPointer(capsule.ptr(), name);
    if (held == nullptr) throw py::error_already_set();
    return static_cast<Struct*>(held);
  }

  [[noreturn]] static void Fail(ArrowArrayStream* stream) {
    const char* error = stream->get_last_error(stream);
    throw py::value_error(
        std::string("instants: the stream of chunks broke: ") +
        (error == nullptr ? "no reason given" : error));
  }

  // Of a timestamp type, as in "tsu:America/Cuiaba".
  static int64_t TicksPerSecond(const ArrowSchema& schema) {
    const std::string format = schema.format;
    int64_t ticks_per_second = 0;
    if (format.compare(0, 3, "tss") == 0) ticks_per_second = 1;
    if (format.compare(0, 3, "tsm") == 0) ticks_per_second = 1'000;
    if (format.compare(0, 3, "tsu") == 0) ticks_per_second = 1'000'000;
    if (format.compare(0, 3, "tsn") == 0) ticks_per_second = 1'000'000'000;
    if (ticks_per_second == 0 || format.size() < 4 || format[3] != ':' ||
        schema.dictionary != nullptr) {
      throw py::type_error("instants: an Arrow column must be of timestamps");
    }
    if (format.size() == 4) {
      throw py::value_error(
          "instants: the timestamps have no zone; say which one they are in");
    }
    return ticks_per_second;
  }

  void Append(int64_t ticks_per_second, const ArrowArray& chunk,
              std::string& states) const {
    if (chunk.length == 0) return;
    const auto* valid = static_cast<const uint8_t*>(chunk.buffers[0]);
    if (chunk.null_count != 0 && valid != nullptr) {
      for (int64_t i = 0; i < chunk.length; ++i) {
        const int64_t bit = chunk.offset + i;
        if ((valid[bit / 8] >> (bit % 8) & 1) == 0) {
          RefuseNotATime(states.size() + i);
        }
      }
    }
    const size_t done = states.size();
    states.resize(done + chunk.length);
    Fill(ticks_per_second,
         static_cast<const int64_t*>(chunk.buffers[1]) + chunk.offset,
         chunk.length, done, &states[done]);
  }

  [[noreturn]] static void RefuseNotATime(int64_t index) {
    throw py::value_error(
        "instants[" + std::to_string(index) +
        "]: is no time (NaT, null); leave it out, or fill it");
  }

  // `before`: how many of the column came before these.
  void Fill(int64_t ticks_per_second, const int64_t* instants, size_t count,
            size_t before, char* states) const {
    int32_t code;
    size_t not_a_time = count;
    {
      py::gil_scoped_release release;
      bool found = false;
      for (size_t i = 0; i < count; ++i) found |= instants[i] == kNotATime;
      for (size_t i = 0; found && i < not_a_time; ++i) {
        if (instants[i] == kNotATime) not_a_time = i;
      }
      code = guiche_window_states(window_, ticks_per_second, instants, count,
                                  reinterpret_cast<uint8_t*>(states));
    }
    if (not_a_time < count) RefuseNotATime(before + not_a_time);
    if (code != GUICHE_OK) {
      throw py::value_error(
          "ticks_per_second: must be 1, 1000, 1000000 or 1000000000");
    }
  }

  int64_t UtcSecond(py::handle at) const {
    if (!PyDateTime_Check(at.ptr())) {
      throw py::type_error("at: must be a datetime.datetime with a zone");
    }
    if (PyDateTime_DATE_GET_TZINFO(at.ptr()) != Py_None) {
      // The zone's own arithmetic, whatever the zone is.
      const py::object since = py::reinterpret_steal<py::object>(
          PyNumber_Subtract(at.ptr(), epoch_.ptr()));
      if (since && PyDelta_Check(since.ptr())) {
        // Days and seconds are floors.
        return int64_t{PyDateTime_DELTA_GET_DAYS(since.ptr())} * 86'400 +
               PyDateTime_DELTA_GET_SECONDS(since.ptr());
      }
      if (!since && !PyErr_ExceptionMatches(PyExc_TypeError)) {
        throw py::error_already_set();
      }
      PyErr_Clear();
    }
    throw py::value_error(
        "at: has no zone; give one, as in datetime(..., "
        "tzinfo=ZoneInfo(\"America/Cuiaba\"))");
  }

  guiche_window* window_ = nullptr;
  py::tuple states_;
  py::object epoch_;
};

}  // namespace

PYBIND11_MODULE(_native, module) {
  PyDateTime_IMPORT;
  module.attr("VERSION") = guiche_version();
  module.attr("JSON") = int{GUICHE_JSON};
  module.attr("PROTO") = int{GUICHE_PROTO};
  module.attr("TEXT") = int{GUICHE_TEXT};
  module.attr("NEED") = int{GUICHE_NEED};
  module.attr("AREA") = int{GUICHE_AREA};
  module.attr("FACT") = int{GUICHE_FACT};
  module.attr("PLACE") = int{GUICHE_PLACE};
  module.attr("UNIT") = int{GUICHE_UNIT};
  py::class_<Engine>(module, "Engine")
      .def(py::init<const std::string&, int32_t, const std::string&,
                    const std::string&>(),
           py::arg("policy"), py::arg("format"), py::arg("digest"),
           py::arg("known_at"))
      .def("call", &Engine::Call, py::arg("method"), py::arg("format"),
           py::arg("request"))
      .def("number", &Engine::Number, py::arg("kind"), py::arg("text"))
      .def("ids", &Engine::Ids, py::arg("kind"))
      .def("decide", &Engine::Decide, py::arg("needs"), py::arg("areas"),
           py::arg("places"), py::arg("facts"), py::arg("ticks_per_second"),
           py::arg("instants"), py::arg("count"));
  py::class_<Window>(module, "Window")
      .def(py::init<const Engine&, const std::string&, const std::string&,
                    py::tuple>(),
           py::arg("engine"), py::arg("service"), py::arg("place"),
           py::arg("states"))
      .def("state", &Window::State, py::arg("at"),
           "The state at an aware datetime.")
      .def("_states", &Window::States, py::arg("ticks_per_second"),
           py::arg("instants"))
      .def("_arrow_states", &Window::ArrowStates, py::arg("column"));
}
