-- What becomes of one leased job: done, again, or failed. All of complete, fail, crash and sweep end here.
-- @include states facts document lane finish fan advance again tolerate caching

-- Judge a call about a leased job. Returns its document and its own record, or nil and the verdict. runs_on: whoever calls only
-- looks; until its slot has ended it, a job of an ended document holds its limit.
local function judge(job, token, runs_on)
  local id, step, i = locate(job)
  local doc = open(id, step)
  if not doc or FINAL_DOCUMENT[doc.status] then
    if not runs_on then unlease(doc, step, job, token) end
    return nil, doc and 'ended' or 'gone'
  end
  local own = record(doc, step)
  if i then own = read_item(doc, step, i) end
  if not own or own.state ~= 'leased' or own.token ~= token then
    -- A run of its document's former life, which nobody else has taken over: now it has ended.
    if own and own.state ~= 'leased' and not runs_on then unlease(doc, step, job, token) end
    return nil, 'stale'
  end
  own.job, own.step, own.item = job, step, i
  return doc, own
end

-- Items of a list that a step makes: `size` of `values`, those at `from` and after, are its items `first` and after.
local function store_items(doc, own, first, values, from, size)
  if size == 0 then return end
  local fields = {}
  for n = 0, size - 1 do
    fields[2 * n + 1] = first + n
    fields[2 * n + 2] = values[from + n]
  end
  redis.call('HSET', fan_key(doc.id, own.step, 'data'), unpack(fields))
end

-- What the job's next try begins with; of an item until that is done.
local function keep_checkpoint(doc, own, value)
  if own.item then return redis.call('HSET', fan_key(doc.id, own.step), own.item .. '.checkpoint', value) end
  redis.call('HSET', data_key(doc.id), own.step .. '.checkpoint', value)
end

local function tally(doc, own, what) return redis.call('HINCRBY', doc_key(doc.id), tally_field(own.job, what), 1) end

local function settle_item_done(doc, own, output)
  local id, step = doc.id, own.step
  redis.call('HDEL', fan_key(id, step), own.item, own.item .. '.checkpoint')
  redis.call('HSET', fan_key(id, step, 'data'), own.item, output)
  redis.call('SETBIT', fan_key(id, step, 'done'), own.item, 1)
  redis.call('RPUSH', fan_key(id, step, 'ran'), own.item .. ' ' .. own.started .. ' ' .. text_of(NOW - own.started) .. ' ' .. own.deliveries)
  end_fan(doc, step)
  advance_chain(doc, step)
end

-- unwanted: of the steps that its value decides on, those that are left out.
local function settle_done(doc, own, output, items, unwanted, cached)
  local step = own.step
  unlease(doc, step, own.job)
  if cached then caching.count(doc, own) else observe(about(doc.plan, step).run, NOW - own.started) end
  tell(doc.id, own.job, 'done')
  if own.item then return settle_item_done(doc, own, output) end
  own.state, own.moved, own.ran = 'done', true, true
  own.attempts, own.finished = text_of(own.attempts + 1), NOW_TEXT
  if items then set_items(doc, step, items) end
  if output ~= '' then
    doc.values[step] = output
    redis.call('HSET', data_key(doc.id), step, output)
  end
  if doc.plan.guarded then judge_followers(doc, step, unwanted) end
  advance(doc, step)
end

-- For good: the document fails with it, unless its step allows that.
-- ended: how the run did, where its attempt did not fail.
local function settle_failed(doc, own, attempts, class, ended)
  local step, known = own.step, about(doc.plan, own.step)
  unlease(doc, step, own.job)
  tell(doc.id, own.job, 'failed')
  count(known.ended .. ':' .. (ended or 'failed'))
  count_error(known, class, 'failed')
  own.attempts = attempts
  if tolerate(doc, own, class) then return end
  if own.item then
    own.state = 'failed'
    write_item(doc, step, own.item, own)
    redis.call('SETBIT', fan_key(doc.id, step, 'failed'), own.item, 1)
    leave(doc, step, lane_of(doc, step))
    redis.call('ZREM', key('delayed'), doc.id .. '/' .. step)
  end
  if not own.item then set_run(own) end
  set_state(doc, step, 'failed')
  set(doc, fields_of(step).error, class)
  set(doc, fields_of(step).finished, NOW_TEXT)
  finish(doc, 'failed', step .. ': ' .. class)
end

-- Too little memory, for the GPU's or the host's: alone, after a while, without using up an attempt; a slot gives the second
-- such try a fresh process. Then it fails, and the log has the figures.
local MOST_MEMORY = 3

local function settle_memory(doc, own, delay)
  local tries, known = tally(doc, own, 'memory'), about(doc.plan, own.step)
  if tries >= MOST_MEMORY then return settle_failed(doc, own, own.attempts, 'OutOfMemory', 'memory') end
  count(known.ended .. ':memory')
  count_error(known, 'OutOfMemory', 'retry')
  own.apart = tries < MOST_MEMORY - 1 and 'alone' or 'fresh'
  set(doc, fields_of(own.step).error, 'OutOfMemory')
  settle_again(doc, own, own.attempts, delay)
end

-- An attempt that ended in an exception, or was ended by a limit: again while there are retries left.
local function settle_attempt(doc, own, class, delay)
  local attempts = own.attempts + 1
  local known = about(doc.plan, own.step)
  if attempts > known.retries then return settle_failed(doc, own, attempts, class) end
  set(doc, fields_of(own.step).error, class)
  count(known.ended .. ':retry')
  count_error(known, class, 'retry')
  settle_again(doc, own, attempts, delay)
end
