-- What a call says of itself: transitions for the live page's stream and each document's channel, counters, log lines.
-- @include states keys memo

local LOG_LINES = 100 -- lines
local LONGEST_STREAM = '10000' -- entries
local MOST_WORDS = 1000 -- of one entry

-- The stream has every transition. A document's own channel has its end only: who waits for it is woken once.
-- A job that is taken in the very call that made it ready tells only of its lease.
-- what: "<id>/<step>", "<id>/<step>[i]" or "<id>"; word: the state it moved to
local function tell(id, what, word)
  happened[told + 1], happened[told + 2] = what, word
  told = told + 2
  if what == id and FINAL_DOCUMENT[word] then endings[id] = word end
end

local function publish()
  if told == 0 then return end
  for first = 1, told, MOST_WORDS do
    local last = first + MOST_WORDS - 1
    redis.call('XADD', EVENTS, 'MAXLEN', '~', LONGEST_STREAM, '*', unpack(happened, first, last < told and last or told))
  end
  for id, word in pairs(endings) do redis.call('SPUBLISH', doc_key(id), word) end
end

local function count(field, by) redis.call('HINCRBY', STATS, field, by or '1') end

-- What docmill itself makes of a document, its on_finish or a delivery of its end, is counted apart: nobody submitted it, and
-- what becomes of it must neither hide nor add a failure.
local function made_as(id)
  if string.find(id, '.hook', 1, true) then return 'hook' end
  return string.find(id, '.finish', 1, true) and 'finish'
end

-- An error by its class. A step that makes up classes as it goes has so many; what follows is `other`.
local MOST_ERRORS = 20

local function count_error(known, class, outcome)
  local word = string.match(class, '^[%w_.]+') or 'other'
  local field = known.errors .. ':' .. word .. ':' .. outcome
  if redis.call('HEXISTS', STATS, field) == 0 and redis.call('HINCRBY', STATS, known.errors, 1) > MOST_ERRORS then
    field = known.errors .. ':other:' .. outcome
  end
  count(field)
end

-- What a run used, as its slot tells it: "<field>=<number>,…".
local function count_used(told)
  for field, by in string.gmatch(told, '([^,=]+)=(%d+)') do count(field, by) end
end

local MOST_HISTOGRAMS = 1024

-- Bucket `le` of a histogram is the smallest power of two, in ms, that holds the value. Its counters are named once: exponent ->
-- "<name>:<le>".
local histogram = made_once(MOST_HISTOGRAMS, function(name) return { name = name, sum = name .. ':sum' } end)

local function observe(into, ms)
  local _, exponent = math.frexp((ms > 1 and ms or 1) - 0.5)
  into[exponent] = into[exponent] or into.name .. ':' .. 2 ^ exponent
  count(into[exponent])
  if ms > 0 then count(into.sum, text_of(ms)) end
end

-- What was unusual about one document: when, which job, what, why. Absent for the usual document.
local function note(id, job, what, why)
  local line = NOW_TEXT .. ' ' .. job .. ' ' .. what .. (why and why ~= '' and ': ' .. why or '')
  redis.call('RPUSH', log_key(id), line)
  redis.call('LTRIM', log_key(id), -LOG_LINES, -1)
  local left = redis.call('PTTL', doc_key(id))
  if left > 0 then redis.call('PEXPIRE', log_key(id), left) end -- of one that has ended
end
