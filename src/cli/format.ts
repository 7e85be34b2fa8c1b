/** A time for people: `0.8 s`, `42 s`, `3 min 20 s`, `1 h 05 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9_950) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** A count with its noun: `1 picture`, `1,200 pictures`. */
export function formatCount(count: number, singular: string, plural: string = `${singular}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? singular : plural}`;
}

/** A figure with three digits, or a dash where it does not exist. */
export function formatFigure(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(3);
}

/** A share for people: in percent, a dash where there is none. */
export function formatPercent(share: number): string {
  return Number.isNaN(share) ? "–" : `${(100 * share).toFixed(2)} %`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
