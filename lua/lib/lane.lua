-- Lanes: where ready jobs wait, and how idle slots hear of them.
-- A class is a part of a lane that a slot can declare that it serves, or not: `model=<name>`, `batch=<pipeline>/<step>[/<key>]`
-- (jobs that may be run in one call), `alone[=<model>]` (jobs that may have ended their process, or found too little memory),
-- `fresh[=<model>]` (found too little twice: for an unused process), and `<pipeline>[!<class>]` (jobs that a slot did not know).
-- The lane's field `classes` lists those that have jobs.
-- @include document facts plan place

local PRIORITY_WIDTH = 4398046511104 -- 2^42 places inside one priority; exact below 2^53
local LONGEST_WORD = 48 -- bytes
local MOST_CLASSES = 64 -- of a lane: the batch of one more key waits with the lane's other jobs

-- Where a pipeline wants its documents whole, an item stands where its document does.
local function score(doc, index)
  if index and doc.plan.order then index = 0 end
  return (9 - doc.priority) * PRIORITY_WIDTH + doc.place + (index or 0)
end

local function home_of(lane, class) return class and lane .. ':' .. class or lane end

-- A parameter of the pipeline as a word: itself where it is one, else a digest; nil where it cannot be read here.
local function parameter_word(doc, name)
  local input = doc.values.input or redis.call('HGET', data_key(doc.id), 'input')
  if not input or string.sub(input, 1, 1) == '@' then return nil end
  if slot then slot.parsed = slot.parsed + #input end
  local readable, given = pcall(cjson.decode, input)
  if not readable then return nil end -- too deep for it
  local value = given[name]
  if type(value) == 'string' and #value <= LONGEST_WORD and string.find(value, '^[%w_.@-]+$') then return value end
  return string.sub(redis.sha1hex(cjson.encode({ value })), 1, 8)
end

-- Jobs of a batched step wait together where the pipeline's parameter that is their key has the same value. Where it cannot be
-- read they do too: the slot looks at what it runs together anyway.
local function batch_class(doc, step, known)
  local class = 'batch=' .. doc.pipeline .. '/' .. step
  local word = known.batch_key and parameter_word(doc, known.batch_key)
  return word and class .. '/' .. word or class
end

local function class_of(doc, step, own)
  local known = about(doc.plan, step)
  if own and own.apart then return own.apart .. (known.model and '=' .. known.model or '') end
  if known.batch then return batch_class(doc, step, known) end
  return known.model and 'model=' .. known.model
end

-- Put a class into the lane's list, or take it out; false where the list is full.
local function list_class(lane, class, with)
  local classes, listed = {}, redis.call('HGET', lane_key(lane), 'classes') or ''
  for other in string.gmatch(listed, '%S+') do
    if other ~= class then classes[#classes + 1] = other elseif with then return true end
  end
  if with and #classes >= MOST_CLASSES and string.find(class, '^batch=') then return false end
  if with then classes[#classes + 1] = class end
  if #classes == 0 then return redis.call('HDEL', lane_key(lane), 'classes') end
  redis.call('HSET', lane_key(lane), 'classes', table.concat(classes, ' '))
  return true
end

-- At most one hint a lane; an idle process blocks on it. The set of lanes is learnt here, off the busy path.
local function hint(lane)
  if redis.call('EXISTS', wake_key(lane)) == 0 then
    redis.call('LPUSH', wake_key(lane), '1')
    redis.call('SADD', key('lanes'), lane)
  end
end

-- A job, or a fan-out's one entry, is ready, at its document's place plus an item's index. It enters its lane when the
-- call ends, unless the calling slot takes it before. own: its record, where it has a class of its own (`alone`).
local function offer(doc, step, lane, index, own)
  local alone = own and own.apart and index
  local member = doc.id .. '/' .. step .. (alone and '[' .. index .. ']' or '')
  offered[member] = { member = member, doc = doc, step = step, item = alone, lane = lane, score = score(doc, index),
    class = class_of(doc, step, own), model = nil }
end

-- Out of its lane, whatever part of it it may be in.
local function leave(doc, step, lane)
  local member, class = doc.id .. '/' .. step, class_of(doc, step, doc.steps[step])
  offered[member] = nil
  redis.call('ZREM', ready_key(lane), member)
  redis.call('ZREM', ready_key(home_of(lane, doc.pipeline)), member)
  if class then
    redis.call('ZREM', ready_key(home_of(lane, class)), member)
    redis.call('ZREM', ready_key(home_of(lane, doc.pipeline .. '!' .. class)), member)
  end
end

local function limit_wait(job, member)
  local limit = about(job.doc.plan, job.step).wait_limit
  if limit then redis.call('ZADD', key('deadlines'), NOW + limit, member .. ' wait') end
end

local function enter_offered()
  local hinted = {}
  for member, job in pairs(offered) do
    local class = job.class
    if class and not list_class(job.lane, class, true) then class = nil end
    redis.call('ZADD', ready_key(home_of(job.lane, class)), job.score, member)
    limit_wait(job, member)
    tell(job.doc.id, member, 'ready')
    if not hinted[job.lane] then hint(job.lane) end
    hinted[job.lane] = true
  end
end

-- How many entries wait in a lane and its classes, those of this very call too; a fan-out is one.
local function length_of(lane)
  local length = redis.call('ZCARD', ready_key(lane))
  for class in string.gmatch(redis.call('HGET', lane_key(lane), 'classes') or '', '%S+') do
    length = length + redis.call('ZCARD', ready_key(home_of(lane, class)))
  end
  for _, job in pairs(offered) do length = length + (job.lane == lane and 1 or 0) end
  return length
end

local at_the_end = {} -- what others have to do then, the last first

-- The end of every call that changed something.
local function flush()
  for i = #at_the_end, 1, -1 do at_the_end[i]() end
  if placed then keep_places() end
  save()
  enter_offered()
  publish()
end
