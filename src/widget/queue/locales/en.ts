// English texts of what is offered where a limit is reached. Part of the queue chunk; every other language is a chunk of its own.

/** The English table. `place`: “3rd”, in every other language the number alone. */
export const en = {
  'call-at': 'Call me at {time}',
  'another-time': 'Choose another time',
  'queue-join': 'Wait in the queue',
  'queue-leave': 'Leave the queue',
  'queue-offer': 'You’d be {place} in line.',
  'queue-offer-next': 'You’d be next in line.',
  'queue-offer-wait': 'The wait is about {duration}.',
  'queue-offer-soon': 'The wait is less than a minute.',
  'queue-title': 'You’re {place} in line',
  'queue-title-next': 'You’re next in line',
  'queue-wait': 'We’ll call you in about {duration}.',
  'queue-soon': 'We expect to call you in less than a minute.',
  'queue-until': 'If your turn doesn’t come by {time}, we’ll end the wait.',
  'queue-expired-title': 'We couldn’t call you in time',
  'queue-expired-detail':
    'Your turn didn’t come within 30 minutes, so we’ve ended the wait. Your phone won’t ring for this call.',
} as const;
