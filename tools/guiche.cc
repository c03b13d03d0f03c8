// guiche: the command line.

#include <iostream>
#include <sstream>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "policy/load.h"
#include "policy/mato_grosso.h"
#include "tools/command.h"
#include "tools/portuguese.h"

namespace guiche {
namespace {

constexpr char kDescription[] =
    "Qual núcleo atende este pedido, e se a janela de atendimento está "
    "aberta:\n"
    "as duas respostas, cada uma com o motivo e a fonte legal. Sem --policy, "
    "vale\n"
    "a política embutida, a da Defensoria Pública do Estado de Mato Grosso.";

constexpr char kFooter[] =
    "Saída: 0, deu certo; 1, não foi possível; 2, foi feito e a resposta é "
    "não\n"
    "(fechado, política com erros, caso que falhou). Respostas saem em stdout, "
    "o\n"
    "resto em stderr.\n\n"
    "Exemplos:\n"
    "  guiche open --place Sinop --at 2026-01-07T12:00:00-04:00\n"
    "  guiche decide --place Sinop \"meu filho precisa de pensão\"\n"
    "  guiche batch open < pedidos.jsonl > respostas.jsonl";

}  // namespace

absl::StatusOr<v1::Policy> ReadPolicy(const Program& program) {
  if (program.policy_files.empty()) return MatoGrosso();
  return LoadPolicy(program.policy_files);
}

absl::StatusOr<Desk> OpenDesk(const Program& program) {
  const auto policy = ReadPolicy(program);
  if (!policy.ok()) return policy.status();
  Desk::Options options;
  if (!program.known_at.empty()) {
    const auto known_at = ParseInstant("--known-at", program.known_at);
    if (!known_at.ok()) return known_at.status();
    options.known_at = *known_at;
  }
  return Desk::Compile(*policy, options);
}

int Fail(const absl::Status& status) {
  std::vector<std::string> lines = absl::StrSplit(status.message(), '\n');
  for (std::string& line : lines) line = InPortuguese(line);
  std::cerr << "guiche: " << absl::StrJoin(lines, "\n") << "\n";
  return kCouldNot;
}

absl::StatusOr<std::string> ReadWhole(const std::string& file) {
  if (file != "-") return ReadFile(file);
  std::ostringstream contents;
  contents << std::cin.rdbuf();
  return contents.str();
}

std::string Now() { return FormatInstant(absl::Now(), absl::UTCTimeZone()); }

void AddFormat(CLI::App& command, Program& program) {
  command
      .add_option("--format", program.format,
                  "text, para ler, ou json, com os nomes da API")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

int Run(int argc, char** argv) {
  CLI::App app(kDescription, "guiche");
  Program program;
  app.footer(kFooter);
  app.option_defaults()->group("Opções");
  app.set_help_flag("-h,--help", "Mostra esta ajuda");
  app.set_version_flag("--version", std::string("guiche ") + kLibraryVersion,
                       "Mostra a versão");
  app.require_subcommand(1);
  app.fallthrough();
  app.get_formatter()->column_width(34);
  app.get_formatter()->label("Usage", "Uso");
  app.get_formatter()->label("OPTIONS", "OPÇÕES");
  app.get_formatter()->label("SUBCOMMAND", "COMANDO");
  app.get_formatter()->label("Positionals", "Argumentos");
  app.get_formatter()->label("REQUIRED", "OBRIGATÓRIO");
  app.get_formatter()->label("TEXT", "TEXTO");
  app.add_option("--policy", program.policy_files,
                 "Arquivos da política (.textproto, .json, .pb), em qualquer "
                 "ordem, no lugar da embutida")
      ->type_name("ARQUIVO");
  app.add_option("--known-at", program.known_at,
                 "Só com os atos publicados até este instante (RFC 3339)")
      ->type_name("INSTANTE");
  AddOpen(app, program);
  AddRoute(app, program);
  AddDecide(app, program);
  AddCalendar(app, program);
  AddConduct(app, program);
  AddCheck(app, program);
  AddTest(app, program);
  AddBatch(app, program);
  AddExport(app, program);
  AddImport(app, program);
  AddRender(app, program);
  AddExplain(app, program);
  AddEval(app, program);
  AddTrain(app, program);
  for (CLI::App* command : app.get_subcommands({})) {
    command->group("Comandos");
    command->get_help_ptr()->group("Opções");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // 0 for --help and --version.
    return app.exit(error) == 0 ? kFine : kCouldNot;
  }
  std::cout.flush();
  if (!std::cout) {
    return Fail(absl::DataLossError("a saída não pôde ser escrita inteira"));
  }
  return program.exit_code;
}

}  // namespace guiche

int main(int argc, char** argv) { return guiche::Run(argc, argv); }
