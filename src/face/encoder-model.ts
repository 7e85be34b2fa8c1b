/**
 * Which net made an encoding. Encodings of two nets lie in different spaces: their distances say nothing, so whoever
 * stores encodings stores this beside them.
 */
export interface EncoderModel {
  /** What people call it. */
  name: string;
  /** SHA-256 in hex of what it was made of; equal for equal nets. */
  digest: string;
  /** Length of its encodings. */
  size: number;
}
