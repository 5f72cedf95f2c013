import * as z from 'zod/mini';
import { action } from '../action.ts';
import { isTarget } from '../flow.ts';
import { actionsOf, frameOf, type Moment, on, waitFor, want } from '../moment.ts';
import { id, language, slugOrNone, whole } from '../options.ts';
import { AI_INTENT, AI_STATUS, talkResults } from '../results.ts';
import { sounds } from '../sound.ts';
import { setResult, setVariables, TOO_MANY } from '../variables.ts';

const option = z
  .strictObject({
    assistance_type: z.optional(z.literal(['', 'ai'], 'must be "ai": there are no teams of assistants')),
    assistance_id: z.optional(slugOrNone),
    ai_id: z.optional(slugOrNone),
    duration: z._default(whole(0, 14_400), 0),
    language: z.optional(language),
    outcomes: z._default(z.array(id).check(z.maxLength(50)), []),
  })
  .check(
    z.refine(given => assistantOf(given) !== undefined, {
      path: ['ai_id'],
      error: 'is missing; name the assistant here, or in assistance_id',
    }),
  );

export const aiTalk = action({
  type: 'ai_talk',
  does: 'The caller talks to the assistant for at most duration seconds, in language; then the flow goes on. The outcome that the assistant chose is voipbin.aicall.status and voipbin.aicall.intent; else the status is completed, timeout (also when the caller stays silent), transfer (the caller asked for a person), error or hangup. What the assistant has learnt are variables.',
  differs:
    'The outcomes on offer are the ones that the next branch on voipbin.aicall.status names, or the list outcomes. assistance_type "team" is refused.',
  needs: 'call',
  onFailure: 'fall_back',
  option,
  references(given) {
    const assistant = assistantOf(given);
    const path = isTarget(given.assistance_id) ? 'assistance_id' : 'ai_id';
    return assistant === undefined ? [] : [{ kind: 'assistant', path, id: assistant }];
  },
  begin(moment, given) {
    const { language, duration } = given;
    const assistant = assistantOf(given) ?? '';
    setResult(moment.state, { 'voipbin.aicall.ai_id': assistant, ...talkResults('') });
    sounds(moment.state);
    const effect = want(moment, {
      do: 'converse',
      assistant,
      outcomes: given.outcomes.length > 0 ? given.outcomes : branched(moment),
      ...(language && { language }),
      ...(duration > 0 && { max_secs: duration }),
    });
    return waitFor('conversed', { effect });
  },
  resume({ state }, _, event) {
    if (event.type !== 'conversed') return on();
    const fits = setVariables(state, event.variables ?? {});
    setResult(state, talkResults(event.status));
    return on(fits ? event.status : `${event.status}; ${TOO_MANY}`);
  },
  failed: ({ state }) => {
    setResult(state, talkResults('error'));
  },
});

interface Named {
  assistance_id?: string | undefined;
  ai_id?: string | undefined;
}

const assistantOf = ({ assistance_id, ai_id }: Named): string | undefined =>
  [assistance_id, ai_id].find(isTarget);

/** The values that the first branch after the current action tells apart. */
function branched(moment: Moment): string[] {
  const frame = frameOf(moment);
  const after = (frame && actionsOf(frame, moment.flows)?.slice(frame.at + 1)) ?? [];
  const branch = after.find(
    ({ type, option }) => type === 'branch' && NAMES.includes(String(option?.variable)),
  );
  const targets = branch?.option?.target_ids;
  return typeof targets === 'object' && targets !== null ? Object.keys(targets).filter(isTarget) : [];
}

const NAMES = [AI_STATUS, 'aicall.status', AI_INTENT, 'aicall.intent'].flatMap(name => [name, `\${${name}}`]);
