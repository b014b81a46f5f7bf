-- Fan-outs: a step run once for each item of a list. One entry stands for all the items that are not handed out yet;
-- it waits in the lane, or in `delayed`, at the place of the item that it hands out next.
-- @include document lane

-- A record exists only for an item that is leased, or was tried before: its last run, and its state.
local function read_item(doc, step, i)
  local text = redis.call('HGET', fan_key(doc.id, step), i)
  if not text then return nil end
  local item = parse_run(text)
  item.state = string.match(text, '%a+$')
  return item
end

local function write_item(doc, step, i, item)
  redis.call('HSET', fan_key(doc.id, step), i, format_run(item) .. ' ' .. item.state)
end

-- Over a mapped step: the first item whose input is done and which was not handed out.
local function next_open(doc, step, over)
  local open_items = fan_key(doc.id, step, 'open')
  redis.call('BITOP', 'NOT', open_items, fan_key(doc.id, step, 'handed'))
  redis.call('BITOP', 'AND', open_items, open_items, fan_key(doc.id, over, 'done'))
  local i = redis.call('BITPOS', open_items, 1)
  redis.call('DEL', open_items)
  return i >= 0 and i or nil
end

-- The item that is handed out next: due retries first, then the list. Returns its index, or nil and when a retry is due.
local function next_item(doc, step)
  local due = redis.call('ZRANGE', fan_key(doc.id, step, 'due'), 0, 0, 'WITHSCORES')
  if due[1] and tonumber(due[2]) <= NOW then return tonumber(due[1]) end
  local v = redis.call('HMGET', fan_key(doc.id, step), 'size', 'cursor', 'over', 'reopened')
  if v[3] then
    local i = next_open(doc, step, v[3])
    if i then return i end
  elseif v[4] then
    local i = redis.call('BITPOS', fan_key(doc.id, step, 'handed'), 0)
    if i < tonumber(v[1]) then return i end
  elseif tonumber(v[2]) < tonumber(v[1]) then
    return tonumber(v[2])
  end
  return nil, due[2] and tonumber(due[2])
end

-- Take that item out of what is still to be handed out.
local function hand_out(doc, step, i)
  if redis.call('ZREM', fan_key(doc.id, step, 'due'), i) == 1 then return end
  local by_bit = redis.call('HMGET', fan_key(doc.id, step), 'over', 'reopened')
  if by_bit[1] or by_bit[2] then
    redis.call('SETBIT', fan_key(doc.id, step, 'handed'), i, 1)
  else
    redis.call('HINCRBY', fan_key(doc.id, step), 'cursor', 1)
  end
end

-- Bring the one entry to where it belongs. Safe to call at any time.
local function place_entry(doc, step, lane)
  local member = doc.id .. '/' .. step
  local i, due = next_item(doc, step)
  if i then
    redis.call('ZREM', key('delayed'), member)
    return offer(doc, step, lane, i)
  end
  leave(doc, step, lane)
  if due then redis.call('ZADD', key('delayed'), due, member) end
end

local function all_items_ended(doc, step)
  local ended = redis.call('BITCOUNT', fan_key(doc.id, step, 'done'))
  if doc.plan.allows then ended = ended + redis.call('BITCOUNT', fan_key(doc.id, step, 'failed')) end
  return ended == tonumber(redis.call('HGET', fan_key(doc.id, step), 'size'))
end

local function open_fan(doc, step, size, over)
  redis.call('HSET', fan_key(doc.id, step), 'size', size, 'cursor', 0)
  -- Over a mapped step there is no cursor: items open as their inputs are done, in any order. NOT needs its full length.
  if over then
    redis.call('HSET', fan_key(doc.id, step), 'over', over)
    -- What failed there will have no output here.
    local failed, handed = fan_key(doc.id, step, 'failed'), fan_key(doc.id, step, 'handed')
    redis.call('BITOP', 'OR', failed, fan_key(doc.id, over, 'failed'))
    redis.call('BITOP', 'OR', handed, failed)
    redis.call('SETBIT', fan_key(doc.id, step, 'handed'), size, 1)
  end
end
