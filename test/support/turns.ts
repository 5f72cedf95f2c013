/**
 * Interleaves processes one operation at a time. Each asks for a turn before each of its operations; when every
 * process that still runs is asking, one of them is chosen. The choices come from outside, so that a test can
 * generate, repeat and shrink them; nothing here depends on real time.
 */
export type Turn = () => Promise<void>;

export async function interleave(
  processes: ((turn: Turn) => Promise<void>)[],
  choices: readonly number[],
): Promise<void> {
  const running = new Set(processes.keys());
  let asking: { who: number; go: () => void }[] = [];
  let granted = 0;

  const grant = () => {
    while (asking.length > 0 && new Set(asking.map(({ who }) => who)).size === running.size) {
      const chosen = asking[(choices[granted++ % choices.length] ?? 0) % asking.length];
      asking = asking.filter(one => one !== chosen);
      chosen?.go();
    }
  };
  const turnOf =
    (who: number): Turn =>
    () =>
      new Promise(go => {
        if (!running.has(who)) return;
        asking.push({ who, go });
        grant();
      });
  const leave = (who: number) => {
    running.delete(who);
    asking = asking.filter(one => one.who !== who);
    grant();
  };
  await Promise.all(processes.map((run, who) => run(turnOf(who)).finally(() => leave(who))));
}
