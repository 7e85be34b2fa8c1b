import { sizeOf, type Tensor } from "../core/index.ts";
import type { Parameter, ParameterRole, ParameterSet } from "../nn/index.ts";

/** Where a parameter lies in its group's packed buffer. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/**
 * Parameters of one role and rate, one after the other in one buffer: the optimiser updates them as one tensor.
 * A large parameter is a group of its own: packing would copy it twice in each step, and its buffers would be
 * among those beyond 32 MB, for which glibc asks the kernel for fresh pages every time.
 */
export interface Group {
  /** What its buffers' names begin with, of its own among the groups of a net. */
  readonly name: string;
  readonly role: ParameterRole;
  /** Factor on the learning rate. */
  readonly rate: number;
  /** Whether a moving average of it is kept. */
  readonly averaged: boolean;
  readonly slots: readonly Slot[];
  readonly size: number;
}

/** Elements from which a parameter is not packed: the copies then cost more than an update of its own. */
const LARGE = 1 << 16;

/** Whether a group changes by gradient. */
export function isLearned({ role }: Group): boolean {
  return role === "weight" || role === "gain";
}

/**
 * Packs parameters by role and rate, in the order in which the net asked for them; large ones stand alone, empty
 * groups are left out.
 */
export function packByRole(set: ParameterSet, averaged: boolean = true): Group[] {
  const all = [...set.parameters.values()];
  const roles: ParameterRole[] = ["weight", "gain", "statistic", "frozen"];
  return roles.flatMap((role) => {
    const ofRole = all.filter((parameter) => parameter.role === role);
    if (role === "frozen") return pack({ role, rate: 1, averaged: false }, ofRole);
    if (role === "statistic") return pack({ role, rate: 1, averaged }, ofRole);
    const rates = [...new Set(ofRole.map(({ rate }) => rate))];
    return rates.flatMap((rate) =>
      pack(
        { role, rate, averaged },
        ofRole.filter((parameter) => parameter.rate === rate),
      ),
    );
  });
}

function pack(kind: Omit<Group, "name" | "slots" | "size">, parameters: readonly Parameter[]): Group[] {
  const kindName = kind.rate === 1 ? kind.role : `${kind.role}×${kind.rate}`;
  const isLarge = ({ shape }: Parameter) => sizeOf(shape) >= LARGE;
  const small = parameters.filter((parameter) => !isLarge(parameter));
  const alone = parameters.filter(isLarge).map((parameter) => ({
    ...kind,
    name: `${kindName}/${parameter.name}`,
    ...layOut([parameter]),
  }));
  return [...(small.length ? [{ ...kind, name: kindName, ...layOut(small) }] : []), ...alone];
}

/** Places one after the other. */
function layOut(parameters: readonly Parameter[]): { slots: Slot[]; size: number } {
  const slots: Slot[] = [];
  let offset = 0;
  for (const { name, shape } of parameters) {
    const size = sizeOf(shape);
    slots.push({ name, shape, offset, size });
    offset += size;
  }
  return { slots, size: offset };
}

/** One packed buffer from named tensors. */
export function packTensors(group: Group, values: ReadonlyMap<string, Tensor>): Tensor {
  const data = new Float32Array(group.size);
  for (const { name, offset } of group.slots) data.set(values.get(name)!.data as Float32Array, offset);
  return { dtype: "float32", shape: [group.size], data };
}

/** Named copies of a packed buffer's tensors. */
export function unpackTensors(group: Group, packed: Tensor): Map<string, Tensor> {
  return new Map(
    group.slots.map(({ name, shape, offset, size }) => {
      const data = (packed.data as Float32Array).slice(offset, offset + size);
      return [name, { dtype: "float32", shape, data }];
    }),
  );
}
