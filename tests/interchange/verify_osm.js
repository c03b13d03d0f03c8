// Answers JSON lines {"hours", "at"} (seconds since 1970) by opening_hours.js on
// the clock of TZ: "open", "closed", "unknown" or "error: ...". NODE_PATH says
// where npm installed it.

const OpeningHours = require('opening_hours')

// The format's holidays depend on a country; these are Mato Grosso's.
const place = {lat: -11.86, lon: -55.5, address: {country_code: 'br', state: 'Mato Grosso'}}
const parsed = new Map()

function answer(hours, at) {
  try {
    if (!parsed.has(hours)) parsed.set(hours, new OpeningHours(hours, place, {mode: 0, locale: 'en'}))
    const now = parsed.get(hours).getIterator(new Date(at * 1000))
    return now.getUnknown() ? 'unknown' : now.getState() ? 'open' : 'closed'
  } catch (error) {
    return 'error: ' + String(error.message || error).split('\n')[0]
  }
}

for (const line of require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const {hours, at} = JSON.parse(line)
  console.log(JSON.stringify(answer(hours, at)))
}
