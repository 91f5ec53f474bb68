// Where orders stand on a line of time. Plain numbers in, plain numbers out: milliseconds since 1970.

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400].map((s) => s * 1000);
const LENGTHS = [1, 10, 100, 1000, 10_000].flatMap((ten) => [5, 6, 8, 10, 12, 15, 20, 25, 30, 40].map((s) => s * ten * 1000));
const PAUSE = 60_000; // a longer pause than this begins a new chapter
const RECENT = 40;

/** The instants of an order: submitted, started (or null), and its end or now. */
export function spanOf(order, now) {
  const from = Date.parse(order.created_at);
  const start = order.started_at ? Date.parse(order.started_at) : null;
  const isOpen = !order.finished_at;
  return { from, start, to: isOpen ? Math.max(now, from) : Date.parse(order.finished_at), isOpen };
}

/** The stretch of time to show: the given seconds up to now, or (0) what happened lately. */
export function windowOf(orders, now, seconds) {
  if (seconds) return around(now, seconds * 1000);
  const spans = orders.map((order) => spanOf(order, now)).sort((a, b) => b.to - a.to);
  if (!spans.length) return around(now, 30_000);
  const end = spans[0].to;
  let from = end;
  for (const span of spans.slice(0, RECENT)) {
    if (from - span.to > PAUSE) break;
    from = Math.min(from, span.from);
  }
  return around(end, LENGTHS.find((length) => length >= end - from) ?? end - from); // steps, so that it seldom jumps
}

function around(end, length) {
  return { from: end - length * 1.03, to: end + length * 0.09 };
}

/** Round instants inside a stretch, at most so many. */
export function ticks({ from, to }, most) {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? to - from;
  const found = [];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) found.push(at);
  return found;
}

/** Put spans into as few rows as possible, so that none touches another. Returns the row of each. */
export function rowsOf(spans, least) {
  const free = [];
  return spans.map(({ from, to }) => {
    let row = free.findIndex((at) => at <= from);
    if (row < 0) row = free.length;
    free[row] = Math.max(to, from + least);
    return row;
  });
}
