/** The fixed words of an assistant, and the variables in them. */
import type { Conversation } from './conversation.ts';
import { createSentences } from './sentences.ts';

const CONNECTING: Record<string, string> = {
  en: 'I am connecting you to a colleague.',
  hi: 'मैं आपको हमारे सहयोगी से जोड़ रही हूँ।',
  de: 'Ich verbinde Sie mit unserem Team.',
  es: 'Le comunico con nuestro equipo.',
  fr: 'Je vous mets en relation avec notre équipe.',
};

/** Said before the call goes to a person, if the model has said nothing itself. */
export function connecting(language: string): string {
  return CONNECTING[language.split('-')[0] ?? ''] ?? CONNECTING.en ?? '';
}

/** `${name}` becomes the variable of the call, or nothing; a flow's own may be named without their prefix. */
export function fill(text: string, { variables }: Pick<Conversation, 'variables'>): string {
  return text.replace(/\$\{\s*([\w.-]+)\s*\}/g, (_all, name: string) => {
    const known = [name, `voipbin.${name}`].find(one => Object.hasOwn(variables, one));
    return known === undefined ? '' : (variables[known] ?? '');
  });
}

/** A text as the pieces in which it is spoken. */
export function pieces(text: string): string[] {
  const sentences = createSentences();
  return [...sentences.push(text), ...sentences.flush()];
}
