/**
 * What Deepgram calls a language. It takes most languages only without a region, some with those it knows, and answers
 * anything else with 400, so a tag that is more precise than that is shortened. After its own list of models and
 * languages; a bare language is sent as it is, since that list grows.
 */

const REGIONAL = (
  'da-DK de-CH en-AU en-GB en-IN en-NZ en-US es-419 fr-CA gu-IN ko-KR nl-BE pa-IN pt-BR pt-PT sv-SE th-TH ' +
  'zh-CN zh-HK zh-Hans zh-Hant zh-TW'
).split(' ');
/** What the models for one trade, such as `nova-2-phonecall`, know. */
const OF_A_TRADE = ['en-US'];
/** Languages that go by another name there. */
const NAMES: Record<string, string> = { nb: 'no', nn: 'no', fil: 'tl', yue: 'zh-HK' };

/** @param tag such as `hi-IN` @returns what this model is asked for, such as `hi` */
export function deepgramLanguage(tag: string, model: string): string {
  const known = isOfATrade(model) ? OF_A_TRADE : REGIONAL;
  const parts = tag.split('-');
  for (let length = parts.length; length > 1; length--) {
    const shorter = parts.slice(0, length).join('-').toLowerCase();
    const regional = known.find(one => one.toLowerCase() === shorter);
    if (regional) return regional;
  }
  const [language = tag] = parts;
  return NAMES[language.toLowerCase()] ?? language.toLowerCase();
}

const isOfATrade = (model: string) => /^nova-\d-(?!general)/.test(model);
