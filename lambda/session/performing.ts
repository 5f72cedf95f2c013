/** Does what the conversation wants, each command in its own way. */
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import type { Command, ConversationEvent } from '../voice/conversation.ts';
import { depart } from './departing.ts';
import { measurementsOf } from './measuring.ts';
import type { Saving } from './saving.ts';
import type { Speaker } from './speaking.ts';
import type { Stage } from './stage.ts';
import type { Thinker } from './thinking.ts';
import { performTool } from './tool-call.ts';

interface Parts {
  stage: Stage;
  mind: Thinker;
  mouth: Speaker;
  store: Saving;
  emit(event: ConversationEvent): void;
  /** Ends the stream. */
  leave(patienceMs: number): Promise<boolean>;
  /** Ends the session. */
  end(): void;
}

type Performer<K extends Command['do']> = (command: Extract<Command, { do: K }>) => void;

export function performer({ stage, mind, mouth, store, emit, leave, end }: Parts) {
  const { context, call, settings } = stage;
  const quietly = (what: string, work: Promise<unknown>) =>
    void work.catch(error => log.error(`Could not ${what}`, error, { call: call.id }));

  const performers: { [K in Command['do']]: Performer<K> } = {
    generate: request => mind.generate(request),
    speak: ({ piece, text }) => mouth.speak(piece, text),
    clear: () => mouth.clear(),
    persist: () => store.request(),
    measure: ({ latency }) => publish(measurementsOf(latency, settings.id), context.now()),
    abort() {
      mind.abort();
      mouth.drop();
    },
    run_tool(command) {
      const { turn, id } = command;
      const done = (result: string) => emit({ type: 'tool_done', turn, id, result });
      quietly('perform a tool', performTool(context, call, settings, command).then(done));
    },
    depart({ departure }) {
      quietly('leave the stream', depart(stage, departure, { stop: leave, stored: store.idle }).finally(end));
    },
  };
  return (command: Command) => (performers[command.do] as Performer<Command['do']>)(command);
}
