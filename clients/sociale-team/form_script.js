
(function () {
  'use strict';
  // Makes of what is filled in the file toestemming.json, which the browser keeps like any download. Nothing is sent: the
  // page may not even do so (Content-Security-Policy). Plain ES5, for old browsers.
  var form = document.getElementsByTagName('form')[0];

  function put (object, path, value) {
    var names = path.split('.'), last = names.pop();
    names.forEach(function (name) {
      object[name] = object[name] || {};
      object = object[name];
    });
    object[last] = value;
  }

  // A browser without dates has a line, in which people write 31-12-2026.
  function day_of (text) {
    var parts = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(text);
    return parts ? parts[3] + '-' + ('0' + parts[2]).slice(-2) + '-' + ('0' + parts[1]).slice(-2) : text;
  }

  function value_of (control) {
    var text = control.value.trim(), kind = control.getAttribute('data-kind');
    if (kind === 'day')
      return day_of(text);
    return kind === 'number' && /^\d{1,9}$/.test(text) ? parseInt(text, 10) : text;
  }

  function tell (told, control) {
    var kind = control.getAttribute('data-kind'), name = control.name;
    if (kind === 'one' || kind === 'many' || kind === 'yes') {
      if (!control.checked)
        return;
      if (kind === 'many')
        (told[name] = told[name] || []).push(control.value);
      else
        put(told, name, kind === 'yes' ? true : control.value);
    } else if (value_of(control) !== '') {
      put(told, name, value_of(control));
    }
  }

  function controls () {
    return Array.prototype.filter.call(form.elements, function (one) { return one.getAttribute('data-kind'); });
  }

  function filled_in () {
    var told = {}, signed;
    controls().forEach(function (control) { tell(told, control); });
    signed = told.ondertekening;
    if (signed)
      told.ondertekening = Object.keys(signed).sort().map(function (number) { return signed[number]; });
    return told;
  }

  function is_open (place) {
    var inputs = place.getElementsByTagName('input');
    if (!inputs.length)
      return !place.value.trim();
    return !Array.prototype.some.call(inputs, function (one) { return one.checked; });
  }

  function still_open () {
    return Array.prototype.filter.call(form.querySelectorAll('[data-needed]'), is_open).map(function (place) {
      return place.getAttribute('data-needed');
    });
  }

  function save (said) {
    var link = document.createElement('a'), open = still_open();
    var file = new Blob([JSON.stringify(filled_in(), null, 2) + '\n'], {type: 'application/json'});
    link.href = URL.createObjectURL(file);
    link.download = 'toestemming.json';
    link.click();
    said.textContent = 'Het formulier is bewaard als toestemming.json.' +
      (open.length ? ' Nog niet ingevuld: ' + open.join(', ') + '.' : '');
  }

  function add_button () {
    var place = document.createElement('p'), button = document.createElement('button');
    var said = document.createElement('p');
    place.className = 'save';
    said.setAttribute('role', 'status');
    button.type = 'button';
    button.textContent = 'Bewaar het formulier';
    button.addEventListener('click', function () { save(said); });
    place.appendChild(button);
    form.appendChild(place);
    form.appendChild(said);
  }

  form.addEventListener('submit', function (event) { event.preventDefault(); });
  add_button();
}());
