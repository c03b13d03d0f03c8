#include "interchange/route_table.h"

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "interchange/markup.h"

namespace guiche {
namespace {

constexpr char kHead[] = R"html(<!DOCTYPE html>
<html lang="pt-BR" xml:lang="pt-BR" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="UTF-8"/>
<meta name="viewport" content="width=device-width"/>
<title>Quem atende o quê, e onde</title>
<style>
body{font-family:sans-serif;font-size:14px;color:#111;margin:24px}
table{border-collapse:collapse}
caption{text-align:left;margin-bottom:8px}
th,td{border:1px solid #777;padding:6px;text-align:left;vertical-align:top;min-width:9em}
thead th{position:sticky;top:0;background:#1f3a5f;color:#fff}
tbody th{position:sticky;left:0;background:#e8edf2}
.default{background:#d9d9d9;border:2px dashed #333}
.rule{color:#444;font-size:12px}
ul{margin:6px 0 0;padding-left:1.2em}
</style>
</head>
<body>
<h1>Quem atende o quê, e onde</h1>
<ul>
<li><b>[padrão]</b>: fica com a unidade padrão, porque nenhuma regra diz outra.</li>
<li><b>[?]</b>: a regra ou o lugar ainda não foi confirmado.</li>
<li><b>[pergunta o lugar]</b>: o lugar muda a unidade, e por isso é perguntado.</li>
</ul>
)html";

// A row's place, by its number for the router.
struct Row {
  std::string name;
  int place;
};

class Page {
 public:
  Page(const v1::Policy& policy, const Router& router)
      : policy_(policy), router_(router) {
    for (const v1::Unit& unit : policy.units()) {
      unit_names_[unit.id()] = unit.name();
    }
  }

  std::string Render(absl::string_view origin) {
    std::string html = kHead;
    absl::StrAppend(&html, "<table>\n<caption>Áreas e lugares da política ",
                    Escaped(policy_.id()),
                    "</caption>\n<thead><tr><th scope=\"col\">Lugar</th>");
    for (const v1::Area& area : policy_.areas()) {
      absl::StrAppend(&html, "<th scope=\"col\">", Escaped(area.name()),
                      area.human() ? " [por uma pessoa]" : "", "</th>");
    }
    absl::StrAppend(&html, "</tr></thead>\n<tbody>\n");
    for (const Row& row : Rows()) AppendRow(row, html);
    absl::StrAppend(&html, "</tbody>\n</table>\n<p>", Escaped(origin),
                    "</p>\n</body>\n</html>\n");
    return html;
  }

 private:
  std::vector<Row> Rows() const {
    std::vector<Row> rows = {{"(lugar não informado)", 0}};
    absl::flat_hash_set<std::string> roots;
    for (const v1::Place& place : policy_.places()) {
      if (place.parent().empty()) roots.insert(place.id());
    }
    for (const v1::Place& place : policy_.places()) {
      if (place.kind() != v1::Place::COMARCA &&
          !roots.contains(place.parent())) {
        continue;
      }
      const absl::StatusOr<int> number = router_.FindPlace(place.id());
      if (!number.ok()) continue;
      rows.push_back({place.kind() == v1::Place::COMARCA
                          ? absl::StrCat("Comarca de ", place.name())
                          : place.name(),
                      *number});
    }
    return rows;
  }

  void AppendRow(const Row& row, std::string& html) {
    absl::StrAppend(&html, "<tr><th scope=\"row\">", Escaped(row.name),
                    "</th>");
    for (int area = 0; area < policy_.areas_size();) {
      const std::string cell = Cell(area, row.place);
      int end = area + 1;
      while (end < policy_.areas_size() && Cell(end, row.place) == cell) ++end;
      absl::StrAppend(&html, "<td");
      if (end - area > 1)
        absl::StrAppend(&html, " colspan=\"", end - area, "\"");
      absl::StrAppend(&html, cell, "</td>");
      area = end;
    }
    absl::StrAppend(&html, "</tr>\n");
  }

  // A cell from its attributes on.
  std::string Cell(int area, int place) {
    const Request usual = {-1, area, place, 0};
    const Assignment to = router_.Assign(usual);
    std::string cell =
        absl::StrCat(IsDefault(to) ? " class=\"default\">" : ">", Describe(to));
    std::string others;
    for (int need = 0; need < policy_.needs_size(); ++need) {
      if (policy_.needs(need).area() != policy_.areas(area).id()) continue;
      AppendOther(to, {need, -1, place, 0}, policy_.needs(need).name(), others);
    }
    for (int fact = 0; fact < policy_.facts_size(); ++fact) {
      AppendOther(
          to, {-1, area, place, uint64_t{1} << fact},
          absl::StrCat("com o fato \"", policy_.facts(fact).name(), "\""),
          others);
    }
    if (!others.empty()) absl::StrAppend(&cell, "<ul>", others, "</ul>");
    return cell;
  }

  void AppendOther(const Assignment& usual, const Request& request,
                   absl::string_view name, std::string& others) {
    const Assignment to = router_.Assign(request);
    if (to.unit == usual.unit) return;
    absl::StrAppend(&others, "<li>", Escaped(name), ": ", Describe(to),
                    "</li>");
  }

  // By no route, or by one that sends to the unit of a place that has none.
  bool IsDefault(const Assignment& to) const {
    return to.route < 0 || to.unit_id == policy_.default_unit();
  }

  // The unit with its marks, and the rule.
  std::string Describe(const Assignment& to) {
    return absl::StrCat(
        Escaped(to.unit < 0 ? "nenhuma unidade" : unit_names_[to.unit_id]),
        IsDefault(to) ? " <b>[padrão]</b>" : "",
        to.certainty == v1::UNCONFIRMED ? " <b>[?]</b>" : "",
        to.ask_place ? " <b>[pergunta o lugar]</b>" : "",
        " <span class=\"rule\">", Escaped(to.rule), "</span>");
  }

  const v1::Policy& policy_;
  const Router& router_;
  absl::flat_hash_map<std::string, std::string> unit_names_;
};

}  // namespace

std::string RenderRouteTable(const v1::Policy& policy, const Router& router,
                             absl::string_view origin) {
  return Page(policy, router).Render(origin);
}

}  // namespace guiche
