/** The text in one line, its end replaced by an ellipsis where it has more than `length` characters. */
export function shorten(text: string, length: number): string {
  const characters = [...text.replace(/\s/g, " ")];
  if (characters.length <= length) return characters.join("");
  return `${characters
    .slice(0, length - 1)
    .join("")
    .trimEnd()}…`;
}
