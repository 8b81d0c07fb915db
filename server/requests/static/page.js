/* Makes the resident's pages easier; they work without it. No text of the page comes from here. */
'use strict';
(() => {
  const LONGEST = 1600;
  const MOST = 3;
  const form = document.getElementById('report');
  const said = document.getElementById('said');

  function tell(text) {
    if (!said) return;
    said.textContent = text;
    said.hidden = text === '';
    if (text !== '') said.scrollIntoView({ block: 'nearest' });
  }

  for (const one of document.querySelectorAll('form[data-once]')) {
    one.addEventListener('submit', (event) => {
      if (event.defaultPrevented) return;
      if (one.dataset.sent === 'yes') event.preventDefault();
      one.dataset.sent = 'yes';
    });
  }
  addEventListener('pageshow', () => {
    for (const one of document.querySelectorAll('form[data-once]')) delete one.dataset.sent;
  });

  const copy = document.getElementById('copy');
  const address = document.getElementById('address');
  if (copy && address && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(address.textContent);
        copy.textContent = copy.dataset.copied;
      } catch {
        getSelection()?.selectAllChildren(address);
      }
    });
  }
  if (!form) return;

  // what was typed outlives a reload and the way to a phone call and back
  const KEY = 'report ' + location.pathname;
  const kept = ['text', 'place', 'phone'];
  const field = (name) => form.elements.namedItem(name);
  try {
    const was = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
    for (const name of kept) if (field(name) && field(name).value === '' && typeof was[name] === 'string') field(name).value = was[name];
    form.addEventListener('input', () => {
      sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept.map((name) => [name, field(name)?.value ?? '']))));
    });
  } catch {
    /* no store: nothing is kept */
  }

  // photos are made smaller here, so that they arrive over a weak network as well
  const input = form.querySelector('input[type=file]');
  const thumbs = document.getElementById('thumbs');
  let photos = [];

  function draw() {
    thumbs.replaceChildren(
      ...photos.map((photo, at) => {
        const frame = document.createElement('button');
        frame.type = 'button';
        frame.className = 'thumb';
        frame.setAttribute('aria-label', form.dataset.remove.replace('0', String(at + 1)));
        const picture = document.createElement('img');
        picture.alt = '';
        picture.src = photo.url;
        frame.append(picture);
        frame.addEventListener('click', () => {
          URL.revokeObjectURL(photo.url);
          photos = photos.filter((other) => other !== photo);
          draw();
          input.focus();
        });
        return frame;
      }),
    );
    input.disabled = photos.length >= MOST;
    input.closest('.pick').classList.toggle('pick--off', input.disabled);
  }

  async function shrink(file) {
    const url = URL.createObjectURL(file);
    try {
      const picture = new Image();
      picture.src = url;
      await picture.decode();
      const scale = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight));
      const canvas = document.createElement('canvas');
      canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
      canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((give, fail) => canvas.toBlob((blob) => (blob ? give(blob) : fail(new Error('empty'))), 'image/jpeg', 0.82));
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  if (input && thumbs) {
    input.addEventListener('change', async () => {
      tell('');
      for (const file of [...input.files].slice(0, MOST - photos.length)) {
        try {
          const blob = await shrink(file);
          photos.push({ blob, url: URL.createObjectURL(blob) });
        } catch {
          tell(form.dataset.heavy);
        }
      }
      input.value = '';
      draw();
    });
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.dataset.busy === 'yes') return;
    if (field('text').value.trim() === '' && photos.length === 0) {
      tell(form.dataset.empty);
      field('text').focus();
      return;
    }
    form.dataset.busy = 'yes';
    tell('');
    const button = form.querySelector('button:not([type=button])');
    const word = button.querySelector('b') ?? button;
    const before = word.textContent;
    word.textContent = form.dataset.sending;
    const sent = new FormData(form);
    sent.delete('photos');
    photos.forEach((photo, at) => sent.append('photos', photo.blob, `${at + 1}.jpg`));
    try {
      const answer = await fetch(form.getAttribute('action'), { method: 'POST', body: sent, headers: { Accept: 'application/json' } });
      const told = await answer.json();
      if (answer.ok) {
        try {
          sessionStorage.removeItem(KEY);
        } catch {
          /* no store */
        }
        location.assign(told.link);
        return;
      }
      tell(told.message ?? told.title);
    } catch {
      tell(form.dataset.offline);
    }
    word.textContent = before;
    delete form.dataset.busy;
  });
})();
