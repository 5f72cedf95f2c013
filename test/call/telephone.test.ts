/** Numbers as people give them: rather none than somebody else's. */
import { expect, it } from 'vitest';
import { telephoneOf } from '../../lambda/call/telephone.ts';

it.each([
  ['+91 98765-00011', '', '+919876500011'],
  ['0044 (20) 7946.0958', '91', '+442079460958'],
  ['919876500015', '', '+919876500015'],
  ['09876500011', '91', '+919876500011'],
  ['9876500011#', '91', '+919876500011'],
  ['919876500099', '91', '+919876500099'],
  ['9198765432', '91', '+919198765432'],
  ['12125550123', '1', '+12125550123'],
  ['2125550123', '1', '+12125550123'],
])('%s in the country "%s" is %s', (given, country, number) => {
  expect(telephoneOf(given, country)).toBe(number);
});

it.each([
  ['09876500011', ''],
  ['9876500012', ''],
  ['+09876500016', '91'],
  ['+9876', '91'],
  ['anonymous', '91'],
  ['#', '91'],
  ['', '91'],
  ['9198765000991234567', '91'],
])('%s in the country "%s" is none', (given, country) => {
  expect(telephoneOf(given, country)).toBeUndefined();
});
