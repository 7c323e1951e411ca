// How many streams may be open at once: for one call, for one address, in this process. It only counts; who may open one is
// decided elsewhere.

/** Most concurrent streams. */
export interface StreamCaps {
  readonly perCall: number;
  readonly perAddress: number;
  readonly perProcess: number;
}

/** Two tabs of one visitor; an office behind one address; what two cores can serve along with everything else. */
export const defaultStreamCaps: StreamCaps = { perCall: 2, perAddress: 20, perProcess: 5_000 };

/** Counts open streams. */
export interface StreamCounter {
  /** True when the call has as many streams as are allowed. */
  isCallFull(callId: string): boolean;
  /**
   * Takes a slot and returns true, or takes none. `replaced`: the address of a stream of the same call that is released if, and only if,
   * this is true.
   */
  take(callId: string, address: string, replaced?: string): boolean;
  /** Releases a slot; once for each `take`. */
  release(callId: string, address: string): void;
  /** Streams open now. */
  open(): number;
}

/** Creates a counter. A slot is taken under all three limits or none. */
export const createStreamCounter = (caps: StreamCaps): StreamCounter => {
  const calls = new Map<string, number>();
  const addresses = new Map<string, number>();
  let total = 0;
  const isCallFull = (callId: string): boolean => (calls.get(callId) ?? 0) >= caps.perCall;
  return {
    isCallFull,
    take: (callId, address, replaced) => {
      const ofAddress = (addresses.get(address) ?? 0) - (replaced === address ? 1 : 0);
      const hasRoom = replaced !== undefined || (total < caps.perProcess && !isCallFull(callId));
      if (!hasRoom || ofAddress >= caps.perAddress) return false;
      total += 1;
      calls.set(callId, (calls.get(callId) ?? 0) + 1);
      addresses.set(address, (addresses.get(address) ?? 0) + 1);
      return true;
    },
    release: (callId, address) => {
      total -= 1;
      lower(calls, callId);
      lower(addresses, address);
    },
    open: () => total,
  };
};

/** A key without streams is removed, so that the map has no more keys than there are streams. */
const lower = (counts: Map<string, number>, key: string): void => {
  const left = (counts.get(key) ?? 1) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
};
