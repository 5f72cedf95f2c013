/** What a container remembers of its connections: the course of their numbers, and of how many. */
import { expect, it } from 'vitest';
import { createCourses } from '../../lambda/stream/course.ts';
import { remembered } from '../../lambda/stream/remembered.ts';

/** The first number with which the course goes back, if it does. */
function backAt(numbers: number[]): number | undefined {
  const goesBack = createCourses();
  return numbers.find(number => goesBack('connection', number));
}

it.each<[what: string, numbers: number[]]>([
  ['in disorder by up to 62 places', [100, 101, 39, 40, 102, 41, 42]],
  ['once far behind', [100, 101, 3, 102, 3, 103]],
  ['that jump ahead', [1, 2, 900, 901, 2000, 2001]],
  ['far apart, since other containers have the rest', [1, 70, 140, 210, 280]],
  ['after a first one that was wrong', [900_000, 1, 2, 3]],
])('numbers %s do not go back', (_, numbers) => {
  expect(backAt(numbers)).toBeUndefined();
});

it('numbers that begin anew go back with the second of them', () => {
  expect(backAt([100, 101, 0, 1, 2])).toBe(1);
  expect(backAt([100, 101, 900_000, 900_001, 102, 103])).toBe(103);
});

it('connections do not mix', () => {
  const goesBack = createCourses();
  const numbers: [string, number][] = [
    ['a', 100],
    ['a', 101],
    ['b', 0],
    ['b', 1],
    ['a', 102],
    ['b', 2],
  ];
  expect(numbers.some(([connection, number]) => goesBack(connection, number))).toBe(false);
});

it('the 500 latest connections are remembered', () => {
  const known = remembered<number>();
  for (let n = 0; n < 500; n++) known.set(`${n}`, n);
  known.set('0', 0);
  known.set('500', 500);
  expect([known.get('0'), known.get('1'), known.get('2'), known.get('500')]).toEqual([0, undefined, 2, 500]);
});
