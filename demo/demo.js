// What the demo page does in addition to the element: lists the sandbox's test numbers and the element's events.
// A page that uses the element does not need any of this.

const widget = document.querySelector('polyai-callback');
const site = await fetch('v1/site').then(
  (answer) => (answer.ok ? answer.json() : {}),
  () => ({}),
);

if (site.sandbox) document.querySelector('#sandbox').hidden = false;

for (const { number, shows } of site.testNumbers ?? []) {
  document.querySelector('#tests').hidden = false;
  const button = document.createElement('button');
  const digits = document.createElement('bdi');
  const effect = document.createElement('span');
  button.type = 'button';
  digits.textContent = number;
  effect.textContent = shows;
  button.append(digits, effect);
  button.addEventListener('click', () => {
    widget.reset();
    widget.value = number;
    widget.scrollIntoView({ block: 'center' });
  });
  const item = document.createElement('li');
  item.append(button);
  document.querySelector('#numbers').append(item);
}

const names = ['open', 'close', 'before-call', 'requested', 'progress', 'scheduled', 'ended', 'refused', 'error'];
for (const name of names) {
  widget.addEventListener(`polyai-callback-${name}`, ({ type, detail }) => {
    const line = document.createElement('li');
    line.textContent = `${type} ${detail === null ? '' : JSON.stringify(detail)}`;
    document.querySelector('#events').prepend(line);
  });
}
