const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The name of the class that a cell stands for: its text, but numbers are named by their shortest spelling,
 * because the same label is `1`, `1.0` and `1.0000000e+00` in different copies of one data set. Letters with marks have
 * one spelling, too (NFC): file systems take `Ä` apart.
 */
export function labelName(cell: string): string {
  const text = cell.trim().normalize("NFC");
  if (!DECIMAL.test(text)) return text;
  const number = Number(text) + 0; // + 0 makes -0 a 0
  // Beyond 2⁵³ different spellings may be different labels, which one number would merge.
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? String(number) : text;
}
