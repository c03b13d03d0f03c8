// guiche batch: JSON lines in, JSON lines out.

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "desk/call.h"
#include "interchange/hours_cache.h"
#include "tools/command.h"

namespace guiche {
namespace {

// What a job answers at a time, so that a million lines need no more memory
// than a few such blocks.
constexpr size_t kBlockLines = 256;
constexpr size_t kBlockBytes = 1u << 20;
constexpr size_t kLongestLine = 4u << 20;  // bytes
constexpr int kMostJobs = 256;
// Schedules kept of hours that lines bring along: some 0.5 MB each.
constexpr size_t kMostHours = 64;

// Lines of a file descriptor, however long; of each at most kLongestLine + 1
// bytes are kept.
class LineReader {
 public:
  explicit LineReader(int file) : file_(file) {}

  // Appends the next line to `text`. False at the end.
  bool Next(std::string& text) {
    const size_t longest = text.size() + kLongestLine + 1;
    for (bool any = false;; any = true) {
      const char* begin = buffer_.data() + at_;
      const auto* end =
          static_cast<const char*>(memchr(begin, '\n', size_ - at_));
      const size_t part =
          (end == nullptr ? buffer_.data() + size_ : end) - begin;
      text.append(begin, std::min(part, longest - text.size()));
      at_ += part;
      if (end != nullptr) {
        ++at_;
        return true;
      }
      if (!Fill()) return any || part > 0;
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

// Some lines on their way from the input to the output.
struct Block {
  size_t number;
  std::string text;          // the lines, one after another
  std::vector<size_t> ends;  // of each in `text`
  std::string answers;
  size_t failed;
};

// Jobs that take turns to read a block and to write its answers, in the order
// of the input, and answer side by side.
class Batch {
 public:
  Batch(const Desk& desk, std::string method)
      : desk_(desk), method_(std::move(method)) {}

  void Run(int jobs) {
    std::vector<std::thread> others;
    for (int i = 1; i < jobs; ++i) others.emplace_back([this] { Work(); });
    Work();
    for (std::thread& other : others) other.join();
    if (progress_) std::cerr << "\n";
    if (failed_ > 0) {
      std::cerr << "guiche: " << failed_ << " de " << done_
                << " linhas sem resposta; cada uma diz o erro\n";
    }
  }

 private:
  void Work() {
    Block block;
    while (Read(block)) {
      Answer(block);
      Write(block);
    }
  }

  // False at the end of the input, or of who reads the output. Who writes a
  // line and waits gets its answer.
  bool Read(Block& block) {
    const std::lock_guard<std::mutex> lock(reading_);
    block.text.clear();
    block.ends.clear();
    while (more_ && block.ends.size() < kBlockLines &&
           block.text.size() < kBlockBytes &&
           (block.ends.empty() || reader_.Ready())) {
      const size_t begin = block.text.size();
      more_ = reader_.Next(block.text);
      const absl::string_view line =
          absl::string_view(block.text).substr(begin);
      if (absl::StripAsciiWhitespace(line).empty()) {
        block.text.resize(begin);
      } else {
        block.ends.push_back(block.text.size());
      }
    }
    block.number = blocks_;
    blocks_ += !block.ends.empty();
    return !block.ends.empty();
  }

  void Answer(Block& block) {
    block.answers.clear();
    block.failed = 0;
    size_t begin = 0;
    for (const size_t end : block.ends) {
      const auto answer =
          Answer(absl::string_view(block.text).substr(begin, end - begin));
      begin = end;
      block.failed += !answer.ok();
      absl::StrAppend(&block.answers,
                      answer.ok() ? *answer : ErrorJson(answer.status()), "\n");
    }
  }

  absl::StatusOr<std::string> Answer(absl::string_view line) {
    if (line.size() > kLongestLine) {
      return absl::InvalidArgumentError(
          absl::StrCat("line: is longer than ", kLongestLine, " bytes"));
    }
    return Call(desk_, method_, line, CallFormat::kJson, &hours_);
  }

  void Write(const Block& block) {
    std::unique_lock<std::mutex> lock(writing_);
    turn_.wait(lock, [&] { return written_ == block.number; });
    std::cout << block.answers << std::flush;
    if (!std::cout) more_ = false;
    ++written_;
    turn_.notify_all();
    done_ += block.ends.size();
    failed_ += block.failed;
    if (progress_) std::cerr << "\r" << done_ << " linhas" << std::flush;
  }

  const Desk& desk_;
  const std::string method_;
  const bool progress_ = isatty(STDERR_FILENO) != 0;
  HoursCache hours_{kMostHours};
  std::atomic<bool> more_{true};

  std::mutex reading_;
  LineReader reader_{STDIN_FILENO};
  size_t blocks_ = 0;

  std::mutex writing_;
  std::condition_variable turn_;
  size_t written_ = 0;            // blocks
  size_t done_ = 0, failed_ = 0;  // lines
};

int RunBatch(const Program& program, const std::string& method, int jobs) {
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  if (jobs == 0) {
    jobs = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }
  Batch(*desk, method).Run(jobs);
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
    program.exit_code = RunBatch(program, options->method, options->jobs);
  });
}

}  // namespace guiche
