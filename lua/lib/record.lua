-- What a document keeps of each of its jobs.
-- @include memo

-- A job's name: "<id>/<step>" or "<id>/<step>[i]".
local function locate(job)
  local id, step, i = string.match(job, '^([^/]+)/([%w_]+)%[?(%d*)%]?$')
  return id, step, tonumber(i)
end

local MOST_STEPS = 1024

-- The names of a step's fields in its document's hash.
local fields_of = made_once(MOST_STEPS, function(step)
  local names = {}
  for _, field in ipairs({ 'state', 'run', 'ready', 'finished', 'items', 'error', 'failed', 'flags' }) do
    names[field] = step .. '.' .. field
  end
  return names
end)

-- A job's last run: "<token> <slot> <deliveries> <attempts> <started>[ alone| fresh][ <finished>]": how it must run from now on, and
-- when it was done. One field is found faster than six, and takes less memory. Numbers stay the text that they were read as: most are only written back or compared.
local APART = { alone = 'alone', fresh = 'fresh' }

local function parse_run(text, state, ready)
  if not text then
    return { token = '0', slot = '-', deliveries = '0', attempts = '0', started = NOW_TEXT, apart = nil,
      state = state, ready = ready, job = nil, step = nil, item = nil, moved = nil, ran = nil, readied = nil, finished = nil, before = nil }
  end
  local token, name, deliveries, attempts, started, after = string.match(text, '^(%d+) (%S+) (%d+) (%d+) (%d+)()')
  return { token = token, slot = name, deliveries = deliveries, attempts = attempts, started = started,
    apart = after < #text and APART[string.match(text, '^ (%a+)', after)] or nil,
    state = state, ready = ready, job = nil, step = nil, item = nil, moved = nil, ran = nil, readied = nil, finished = nil, before = nil }
end

-- The same of a job that was never leased before, and is now.
local function first_run(token, name) return token .. ' ' .. name .. ' 1 0 ' .. NOW_TEXT end

local function format_run(own)
  return own.token .. ' ' .. own.slot .. ' ' .. own.deliveries .. ' ' .. own.attempts .. ' ' .. own.started
    .. (own.apart and ' ' .. own.apart or '') .. (own.finished and ' ' .. own.finished or '')
end
