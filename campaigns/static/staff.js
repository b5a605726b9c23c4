// Small comforts for staff. Every page works without them.
"use strict";
