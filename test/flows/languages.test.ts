/** The published pattern "Multi-Language IVR": a menu of its own, spoken in the language that was chosen. */
import '../support/quiet.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FlowStage, openFlowStage, seed } from '../support/flow-stage.ts';

const QUESTION = 'For English, press 1. Para Espanol, marque 2. Pour Francais, appuyez 3.';
const MENU = 'Welcome to our service. Press 1 for sales, 2 for support.';

let stage: FlowStage;
beforeEach(async () => {
  stage = await openFlowStage();
});
afterEach(() => stage.close());

it.each([
  ['1', 'en-US'],
  ['2', 'es-ES'],
  ['3', 'fr-FR'],
  ['9', 'en-US'],
])('key %s: %s', async (digits, language) => {
  await stage.put('/flows/main-menu-flow-id', seed('main-menu'));
  const saved = await stage.flow(seed('multi-language-ivr'));
  expect(saved.warnings).toEqual([]);
  const call = await stage.play({ presses: [{ digits, on: 'listens', after: 1 }] });
  expect(call.story.of('says').map(({ text, language }) => [text, language])).toEqual([
    [QUESTION, 'en-US'],
    [MENU, language],
  ]);
  expect(await stage.record(call.uuid)).toMatchObject({
    flow: { outcome: 'completed' },
    variables: { language },
  });
});

it('no key: English', async () => {
  await stage.put('/flows/main-menu-flow-id', seed('main-menu'));
  await stage.flow(seed('multi-language-ivr'));
  const call = await stage.play();
  expect(call.story.of('says').map(({ language }) => language)).toEqual(['en-US', 'en-US']);
});

it('a menu that is not there yet is warned of when the flow is saved, and leads callers to people', async () => {
  const saved = await stage.flow(seed('multi-language-ivr'));
  expect(saved.warnings).toMatchObject([{ field: 'actions[10].option.flow_id' }]);
  await stage.agent('+15557770001', 'default');
  const call = await stage.play({ presses: [{ digits: '1', on: 'listens', after: 1 }] });
  expect(call.story.heard().slice(1)).toEqual([
    'Sorry, something went wrong. Please hold while we connect you to a colleague.',
  ]);
  expect(call.story.of('bridged')).toHaveLength(1);
  expect((await stage.record(call.uuid)).flow).toMatchObject({ outcome: 'failed' });
});

it('a call keeps the version of the menu that it began with', async () => {
  await stage.put('/flows/main-menu-flow-id', seed('main-menu'));
  await stage.flow(seed('multi-language-ivr'));
  const { call, done } = stage.call({ presses: [{ digits: '2', on: 'listens', after: 1 }] });
  call.story.follow(entry => {
    if (entry.kind !== 'says' || entry.text !== MENU) return;
    void stage.put('/flows/main-menu-flow-id', {
      name: 'Main Menu',
      actions: [{ type: 'talk', option: { text: 'Another menu.' } }],
    });
  });
  await done;
  expect(call.story.heard()).toEqual([QUESTION, MENU]);
  const again = await stage.play({ presses: [{ digits: '2', on: 'listens', after: 1 }] });
  expect(again.story.heard()).toEqual([QUESTION, 'Another menu.']);
});
