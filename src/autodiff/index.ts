export { grad } from "./grad.ts";
