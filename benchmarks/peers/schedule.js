// opening_hours.js on the questions in the file that the command line names. It
// has no zone of its own: TZ is the place's.
const fs = require("fs");
const OpeningHours = require("opening_hours");

const asked = JSON.parse(fs.readFileSync(process.argv[2]));
const dates = asked.instants.map((seconds) => new Date(seconds * 1000));
const hours = new OpeningHours(asked.hours, null);

function report(name, ask, differs) {
  const begin = process.cpuUsage();
  const passed = () => {
    const used = process.cpuUsage(begin);
    return (used.user + used.system) * 1000;
  };
  let asks = 0;
  while (passed() < 1e9) {
    for (let i = 0; i < 100; ++i) ask(dates[asks++ % dates.length]);
  }
  const each = passed() / asks;
  console.log(`${name.padEnd(44)} ${each.toFixed(1).padStart(12)}  ${differs}`);
}

const differs = dates.filter((date, i) => hours.getState(date) !== asked.open[i]).length;
report("opening_hours.js, state", (date) => hours.getState(date), differs);
report("opening_hours.js, state, comment, next change",
       (date) => [hours.getState(date), hours.getComment(date), hours.getNextChange(date)], differs);
