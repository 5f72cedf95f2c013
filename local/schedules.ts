/** EventBridge rules with a rate: each fires its targets as asynchronous invocations, by the clock or by hand. */
import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from './aws/protocol.ts';
import type { Lambda } from './functions/lambda.ts';
import type { ScheduleModel } from './template/model.ts';
import { arnOf } from './template/resolve.ts';

export class Schedules {
  readonly #rules: ScheduleModel[];
  readonly #lambda: Lambda;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(rules: ScheduleModel[], lambda: Lambda) {
    this.#rules = rules;
    this.#lambda = lambda;
  }

  start(): void {
    for (const rule of this.#rules) this.#timers.push(setInterval(() => this.#fire(rule), rule.everyMs));
  }

  /** Fires the rules whose name, or whose target's name, is `name`; all rules when absent. Returns their number. */
  tick(name?: string): number {
    const due = this.#rules.filter(
      rule =>
        name === undefined || rule.name === name || rule.targets.some(target => target.functionName === name),
    );
    for (const rule of due) this.#fire(rule);
    return due.length;
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  #fire(rule: ScheduleModel): void {
    for (const { functionName, input } of rule.targets) {
      this.#lambda.invokeLater(functionName, input ?? JSON.stringify(scheduledEvent(rule.name, Date.now())));
    }
  }
}

function scheduledEvent(rule: string, now: number): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT,
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: [arnOf('AWS::Events::Rule', rule)],
    detail: {},
  };
}
