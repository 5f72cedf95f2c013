/** All that one session works with: whom it serves, as what, by what means, and how long it may. */
import type { SessionTask } from '../app/task.ts';
import type { Call } from '../call/call.ts';
import type { Assistant } from '../voice/assistant.ts';
import type { Keeping } from './keeping.ts';
import type { Providers } from './providers.ts';
import type { SessionContext } from './session-context.ts';

export interface Stage {
  context: SessionContext;
  task: SessionTask;
  call: Call;
  /** Which conversation of the call. */
  n: number;
  settings: Assistant;
  providers: Providers;
  keeping: Keeping;
  remainingMs(): number;
}
