// Shows a message that arrives, and opens "My family" when it is touched. It serves no pages.
"use strict";

self.addEventListener("push", (event) => {
  const { title, body, lang, dir, tag, link } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, lang, dir, tag, data: { link } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.link || "/"));
});
