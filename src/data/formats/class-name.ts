/** A class's name in one line, without blanks around it: lists of classes have one on each line, and trim it. */
export function tidyClassName(name: string): string {
  return name.trim().replace(/\s*[\r\n]+\s*/g, " ");
}
