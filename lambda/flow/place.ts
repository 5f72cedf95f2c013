/** Where something stands in a flow, as its owner would say it: `actions[4].option.target_ids.vip`. */
export const placeOf = (path: readonly PropertyKey[]): string => path.reduce<string>(within, '');

const within = (place: string, part: PropertyKey): string => {
  if (typeof part === 'number') return `${place}[${part}]`;
  return place === '' ? String(part) : `${place}.${String(part)}`;
};
