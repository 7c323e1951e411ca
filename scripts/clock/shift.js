// Shifts the wall clock of a Node process, preloaded with `--import`: only `Date`, by TEST_CLOCK_SHIFT_MS. Monotonic clocks and
// timers are unaffected, as on a machine whose clock is wrong. Plain JavaScript, because it is also preloaded for built files.

const shiftMs = Number(process.env['TEST_CLOCK_SHIFT_MS'] ?? 0);
if (!Number.isSafeInteger(shiftMs)) throw new Error('TEST_CLOCK_SHIFT_MS: expected a whole number of milliseconds');

const RealDate = Date;
const now = () => RealDate.now() + shiftMs;

// A proxy, not a subclass: dates that Node creates itself stay instances of the same class.
const ShiftedDate = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});
RealDate.prototype.constructor = ShiftedDate;
globalThis.Date = ShiftedDate;
