/** Formats that are recognised by their first bytes. */
export type FileFormat = "jpeg" | "png" | "gif" | "webp" | "tiff" | "avif" | "pnm" | "bmp" | "heic" | "svg";

/** How many bytes `sniffFormat` looks at. */
export const SIGNATURE_LENGTH = 256;

/** The format that a file's first bytes announce, whatever its name says; undefined where they are none of a picture. */
export function sniffFormat(bytes: Uint8Array): FileFormat | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, SIGNATURE_LENGTH));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/.test(text)) return "gif";
  if (/^RIFF.{4}WEBP/s.test(text)) return "webp";
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return "tiff";
  if (/^.{4}ftyp(avif|avis)/s.test(text)) return "avif";
  if (/^.{4}ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)/s.test(text)) return "heic";
  if (/^P[1-6]\s/.test(text)) return "pnm";
  if (/^BM.{4}\0{4}/s.test(text)) return "bmp";
  if (/^\s*(<\?xml.*)?(<!--.*)?<svg/s.test(text.replace("\xef\xbb\xbf", ""))) return "svg";
  return undefined;
}
