// guiche by HTTP, for a bought bot: POST /v1/{open,route,decide,check,calendar}
// with the requests of proto/guiche/v1 as JSON, GET /v1/policy, /health, /ready
// and /openapi.json.
//
//   server [--host 127.0.0.1] [--port 8080] [--threads 64] [POLICY...]
//
// SIGHUP reads the files anew; requests under way finish on the policy they
// began with, and one that does not compile changes nothing. SIGTERM lets
// requests finish and ends. What citizens write is never printed.

#include <httplib.h>
#include <pthread.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "desk/call.h"
#include "desk/desk.h"
#include "desk/holder.h"
#include "examples/http/openapi.h"
#include "policy/load.h"
#include "policy/mato_grosso.h"

namespace guiche {
namespace {

constexpr size_t kLargestBody = 1 << 20;
constexpr char kJson[] = "application/json";

absl::StatusOr<v1::Policy> ReadPolicy(const std::vector<std::string>& files) {
  if (files.empty()) return MatoGrosso();
  return LoadPolicy(files);
}

absl::StatusOr<Desk> Compile(const std::vector<std::string>& files) {
  const absl::StatusOr<v1::Policy> policy = ReadPolicy(files);
  if (!policy.ok()) return policy.status();
  return Desk::Compile(*policy);
}

int HttpStatus(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kUnimplemented:
      return 404;
    default:
      return 500;
  }
}

void Fail(const absl::Status& error, int status, httplib::Response& response) {
  response.status = status;
  response.set_content(ErrorJson(error), kJson);
}

absl::Status TooLong() {
  return absl::InvalidArgumentError(
      absl::StrCat("request: is over ", kLargestBody, " bytes"));
}

void Answer(const DeskHolder& desk, const std::string& method,
            const std::string& request, httplib::Response& response) {
  const absl::StatusOr<std::string> answer =
      Call(desk.Get(), method, request, CallFormat::kJson);
  if (!answer.ok()) {
    Fail(answer.status(), HttpStatus(answer.status().code()), response);
    return;
  }
  response.set_content(*answer, kJson);
}

// Reads a body of at most kLargestBody, however it comes. What is left of a
// longer one goes with the connection.
bool ReadBody(const httplib::Request& request,
              const httplib::ContentReader& read, std::string& body,
              httplib::Response& response) {
  bool fits = true;
  if (request.is_multipart_form_data()) {
    Fail(absl::InvalidArgumentError(
             "request: is multipart; send application/json"),
         415, response);
  } else if (read([&](const char* data, size_t size) {
               fits = body.size() + size <= kLargestBody;
               if (fits) body.append(data, size);
               return fits;
             })) {
    return true;
  } else if (!fits) {
    Fail(TooLong(), 413, response);
  }
  response.set_header("Connection", "close");
  return false;
}

void Route(const DeskHolder& desk, const std::atomic<bool>& ready,
           httplib::Server& server) {
  for (const char* method : {"open", "route", "decide", "check", "calendar"}) {
    server.Post(absl::StrCat("/v1/", method),
                [&desk, method](const httplib::Request& request,
                                httplib::Response& response,
                                const httplib::ContentReader& read) {
                  std::string body;
                  if (!ReadBody(request, read, body, response)) return;
                  Answer(desk, method, body, response);
                });
  }
  server.Get("/v1/policy", [&](const auto&, httplib::Response& response) {
    Answer(desk, "policy", "", response);
  });
  server.Get("/health", [](const auto&, httplib::Response& response) {
    response.set_content("{}", kJson);
  });
  server.Get("/ready", [&](const auto&, httplib::Response& response) {
    if (ready) {
      Answer(desk, "policy", "", response);
    } else {
      Fail(absl::UnavailableError("server: is stopping"), 503, response);
    }
  });
  server.Get("/openapi.json", [](const auto&, httplib::Response& response) {
    response.set_content(OpenApi(), kJson);
  });
  server.set_error_handler([](const auto&, httplib::Response& response) {
    if (!response.body.empty()) return;
    if (response.status == 404) {
      Fail(absl::NotFoundError(
               "path: is not known, or not by this method; see /openapi.json"),
           404, response);
    } else if (response.status == 413) {
      Fail(TooLong(), 413, response);
    } else {
      Fail(absl::InvalidArgumentError("request: cannot be read"),
           response.status, response);
    }
  });
  server.set_exception_handler(
      [](const auto&, httplib::Response& response, std::exception_ptr) {
        Fail(absl::InternalError("server: defect"), 500, response);
      });
}

// Waits for signals until one ends the server.
void Obey(const sigset_t& signals, const std::vector<std::string>& files,
          DeskHolder& holder, std::atomic<bool>& ready,
          httplib::Server& server) {
  for (;;) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (signal != SIGHUP) break;
    const absl::StatusOr<Desk> desk = Compile(files);
    if (desk.ok()) {
      holder.Set(*desk);
      std::cerr << "policy " << desk->origin().digest() << std::endl;
    } else {
      std::cerr << "policy stays as it was: " << desk.status().message()
                << std::endl;
    }
  }
  ready = false;
  server.stop();
}

int Serve(const std::string& host, int port, int threads,
          const std::vector<std::string>& files) {
  // Blocked before there are threads, so that Obey()'s alone gets them.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGTERM, SIGINT})
    sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  const absl::StatusOr<Desk> desk = Compile(files);
  if (!desk.ok()) {
    std::cerr << desk.status().message() << std::endl;
    return 1;
  }
  DeskHolder holder(*desk);
  std::atomic<bool> ready{true};
  httplib::Server server;
  // A connection that is kept open takes a thread.
  server.new_task_queue = [threads] {
    return new httplib::ThreadPool(threads);
  };
  server.set_keep_alive_max_count(1'000'000);
  server.set_tcp_nodelay(true);
  server.set_read_timeout(5);
  server.set_payload_max_length(kLargestBody);
  Route(holder, ready, server);
  if (port == 0) {
    port = server.bind_to_any_port(host);
  } else if (!server.bind_to_port(host, port)) {
    port = -1;
  }
  if (port < 0) {
    std::cerr << "--host, --port: cannot listen there" << std::endl;
    return 1;
  }
  std::cout << "http://" << host << ":" << port << std::endl;
  std::thread obey([&] { Obey(signals, files, holder, ready, server); });
  server.listen_after_bind();
  kill(getpid(), SIGTERM);  // If it ended otherwise, Obey() still waits.
  obey.join();
  return 0;
}

}  // namespace
}  // namespace guiche

int main(int argc, char** argv) {
  CLI::App app("guiche by HTTP; SIGHUP reads the policy anew");
  std::string host = "127.0.0.1";
  int port = 8080;
  int threads = 64;
  std::vector<std::string> files;
  app.add_option("--host", host, "address to listen at")->capture_default_str();
  app.add_option("--port", port, "port; 0: any that is free")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  app.add_option("--threads", threads, "connections served at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  app.add_option("POLICY", files, "files of a policy; none: the embedded one");
  CLI11_PARSE(app, argc, argv);
  return guiche::Serve(host, port, threads, files);
}
