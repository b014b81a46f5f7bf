-- What becomes of one leased job: done, again, or failed. All of complete, fail, crash and sweep end here.
-- @include keys clock states events stats log lane document fan advance

-- A job's name: "<id>/<step>" or "<id>/<step>[i]".
local function locate(job)
  local id, step, i = string.match(job, '^([^/]+)/([%w_]+)%[?(%d*)%]?$')
  return id, step, tonumber(i)
end

-- Judge a call about a leased job. Returns its document and its own record, or nil and the verdict.
local function judge(job, token)
  local id, step, i = locate(job)
  local doc = read(id, step)
  if not doc then return nil, 'gone' end
  if FINAL_DOCUMENT[doc.status] then
    redis.call('ZREM', key('leases'), job)
    return nil, 'ended'
  end
  local own = doc
  if i then own = read_item(doc, step, i) end
  if not own or own.state ~= 'leased' or string.format('%.0f', own.token) ~= token then return nil, 'stale' end
  doc.job, doc.item = job, i
  return doc, own
end

-- The lease ends here, whatever follows.
local function unlease(doc) redis.call('ZREM', key('leases'), doc.job) end

local function settle_done(doc, own, output, items)
  local id, step = doc.id, doc.step
  unlease(doc)
  observe('run:' .. doc.name .. ':' .. step, NOW - own.started)
  tell(id, doc.job, 'done')
  if not doc.item then
    redis.call('HSET', doc_key(id), step .. '.state', 'done', step .. '.attempts', own.attempts + 1, step .. '.finished', NOW)
    if items then redis.call('HSET', doc_key(id), step .. '.items', items) end
    if output ~= '' then redis.call('HSET', data_key(id), step, output) end
    return advance(doc, step)
  end
  redis.call('HDEL', fan_key(id, step), doc.item)
  redis.call('HSET', fan_key(id, step, 'data'), doc.item, output)
  redis.call('SETBIT', fan_key(id, step, 'done'), doc.item, 1)
  if redis.call('BITCOUNT', fan_key(id, step, 'done')) == tonumber(redis.call('HGET', fan_key(id, step), 'size')) then
    redis.call('HSET', doc_key(id), step .. '.state', 'done', step .. '.finished', NOW)
    tell(id, id .. '/' .. step, 'done')
    advance(doc, step)
  end
  advance_chain(doc, step)
end

-- Back to its lane, at its own place; after `delay` ms.
local function settle_again(doc, own, attempts, delay)
  local id, step, due = doc.id, doc.step, NOW + delay
  local lane = lane_of(doc, step, doc.lane)
  local state = delay > 0 and 'delayed' or 'ready'
  unlease(doc)
  tell(id, doc.job, state)
  if doc.item then
    own.state, own.attempts = state, attempts
    write_item(doc, step, doc.item, own)
    redis.call('ZADD', fan_key(id, step, 'due'), due, doc.item)
    return place_entry(doc, step, lane)
  end
  redis.call('HSET', doc_key(id), step .. '.state', state, step .. '.attempts', attempts, step .. '.ready', due)
  if delay > 0 then
    redis.call('ZADD', key('delayed'), due, doc.job)
  else
    enter(doc, step, lane)
  end
end

-- For good: the document fails with it.
local function settle_failed(doc, own, attempts, class)
  unlease(doc)
  tell(doc.id, doc.job, 'failed')
  count('ended:' .. doc.name .. ':' .. doc.step .. ':failed')
  if doc.item then
    own.state, own.attempts = 'failed', attempts
    write_item(doc, doc.step, doc.item, own)
    redis.call('SETBIT', fan_key(doc.id, doc.step, 'failed'), doc.item, 1)
  end
  redis.call('HSET', doc_key(doc.id), doc.step .. '.state', 'failed', doc.step .. '.attempts', attempts,
    doc.step .. '.error', class, doc.step .. '.finished', NOW)
  finish(doc, 'failed', doc.step .. ': ' .. class)
end

-- An attempt that ended in an exception, or was ended by a limit: again while there are retries left.
local function settle_attempt(doc, own, class, delay)
  local attempts = own.attempts + 1
  local retries = tonumber(redis.call('HGET', plan_key(doc.pipeline), 'retries:' .. doc.step) or 0)
  if attempts > retries then return settle_failed(doc, own, attempts, class) end
  redis.call('HSET', doc_key(doc.id), doc.step .. '.error', class)
  count('ended:' .. doc.name .. ':' .. doc.step .. ':retry')
  settle_again(doc, own, attempts, delay)
end
