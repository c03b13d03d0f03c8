// guiche batch: JSON lines in, JSON lines out.

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "desk/call.h"
#include "interchange/hours_cache.h"
#include "tools/command.h"

namespace guiche {
namespace {

// Lines answered at a time, so that a million need no more memory than these.
constexpr size_t kChunk = 4'096;
constexpr size_t kLongestLine = 4u << 20;  // bytes
constexpr size_t kChunkBytes = 16u << 20;
constexpr int kMostJobs = 256;
// Schedules kept of hours that lines bring along: some 0.5 MB each.
constexpr size_t kMostHours = 64;

// Lines of a file descriptor, however long; of each at most kLongestLine + 1
// bytes are kept.
class LineReader {
 public:
  explicit LineReader(int file) : file_(file) {}

  // False at the end.
  bool Next(std::string& line) {
    line.clear();
    for (;;) {
      const char* begin = buffer_.data() + at_;
      const auto* end =
          static_cast<const char*>(memchr(begin, '\n', size_ - at_));
      const size_t part =
          (end == nullptr ? buffer_.data() + size_ : end) - begin;
      line.append(begin,
                  std::min(part, kLongestLine + 1 -
                                     std::min(line.size(), kLongestLine + 1)));
      at_ += part;
      if (end != nullptr) {
        ++at_;
        return true;
      }
      if (!Fill()) return !line.empty() || part > 0;
    }
  }

  // Whether there is more to read without waiting for whoever writes.
  bool Ready() const {
    if (at_ < size_) return true;
    pollfd waiting = {file_, POLLIN, 0};
    return poll(&waiting, 1, 0) > 0;
  }

 private:
  bool Fill() {
    ssize_t got;
    do {
      got = read(file_, buffer_.data(), buffer_.size());
    } while (got < 0 && errno == EINTR);
    at_ = 0;
    size_ = got > 0 ? static_cast<size_t>(got) : 0;
    return got > 0;
  }

  int file_;
  std::vector<char> buffer_ = std::vector<char>(1 << 16);
  size_t at_ = 0, size_ = 0;
};

struct Line {
  std::string request, answer;
  bool failed = false;
};

void Answer(const Desk& desk, const std::string& method, HoursCache& hours,
            Line& line) {
  absl::StatusOr<std::string> answer;
  if (line.request.size() > kLongestLine) {
    answer = absl::InvalidArgumentError(
        absl::StrCat("line: is longer than ", kLongestLine, " bytes"));
  } else {
    answer = Call(desk, method, line.request, CallFormat::kJson, &hours);
  }
  line.failed = !answer.ok();
  line.answer = answer.ok() ? *std::move(answer) : ErrorJson(answer.status());
}

// Answers `lines` on `jobs` threads, each taking the next few.
void AnswerAll(const Desk& desk, const std::string& method, int jobs,
               HoursCache& hours, std::vector<Line>& lines) {
  constexpr size_t kShare = 64;
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t begin; (begin = next.fetch_add(kShare)) < lines.size();) {
      const size_t end = std::min(begin + kShare, lines.size());
      for (size_t i = begin; i < end; ++i)
        Answer(desk, method, hours, lines[i]);
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < jobs && lines.size() > kShare; ++i) {
    others.emplace_back(work);
  }
  work();
  for (std::thread& other : others) other.join();
}

int Batch(const Program& program, const std::string& method, int jobs) {
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  if (jobs == 0) {
    jobs = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }
  const bool progress = isatty(STDERR_FILENO) != 0;
  size_t done = 0, failed = 0;
  LineReader reader(STDIN_FILENO);
  HoursCache hours(kMostHours);
  for (bool more = true; more && std::cout;) {
    std::vector<Line> lines;
    size_t bytes = 0;
    // Who writes a line and waits gets its answer.
    while (lines.size() < kChunk && bytes < kChunkBytes &&
           (lines.empty() || reader.Ready())) {
      Line line;
      more = reader.Next(line.request);
      if (!more) break;
      if (absl::StripAsciiWhitespace(line.request).empty()) continue;
      bytes += line.request.size();
      lines.push_back(std::move(line));
    }
    AnswerAll(*desk, method, jobs, hours, lines);
    for (const Line& line : lines) {
      std::cout << line.answer << "\n";
      failed += line.failed;
    }
    std::cout.flush();
    done += lines.size();
    if (progress) std::cerr << "\r" << done << " linhas" << std::flush;
  }
  if (progress) std::cerr << "\n";
  if (failed > 0) {
    std::cerr << "guiche: " << failed << " de " << done
              << " linhas sem resposta; cada uma diz o erro\n";
  }
  return kFine;
}

}  // namespace

void AddBatch(CLI::App& app, Program& program) {
  struct Options {
    std::string method;
    int jobs = 0;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "batch",
      "Uma pergunta por linha de stdin, em JSON; uma resposta por linha, na "
      "mesma ordem; erro é {\"error\": ...}");
  command
      ->add_option("pergunta", options->method,
                   "open, route, decide, check (conduta) ou calendar")
      ->required()
      ->type_name("PERGUNTA")
      ->check(CLI::IsMember({"open", "route", "decide", "check", "calendar"}));
  command
      ->add_option("--jobs", options->jobs,
                   "Quantas linhas ao mesmo tempo; 0, tantas quantos os "
                   "processadores")
      ->type_name("N")
      ->check(CLI::Range(0, kMostJobs));
  command->callback([&program, options] {
    program.exit_code = Batch(program, options->method, options->jobs);
  });
}

}  // namespace guiche
